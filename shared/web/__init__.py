"""The web door that every service has: who may open a route, forms, errors, headers, health, the page frame."""
