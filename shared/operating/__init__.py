"""What operators do at a terminal: look after messages, and see that the broker is what the code wants."""
