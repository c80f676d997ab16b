"""Named reads of the panel service's database, by noun."""
