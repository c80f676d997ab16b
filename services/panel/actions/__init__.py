"""What the panel service does: one verb, one function, one transaction that the door opened."""
