"""What the directory does: one verb, one function, in the transaction of the door that calls it."""

from services.directory.actions.people import add_first_administrator

__all__ = ["add_first_administrator"]
