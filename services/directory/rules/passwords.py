"""What makes a password good enough."""

import unicodedata

from shared.errors import Invalid

SHORTEST, LONGEST = 12, 200

GIVEN, TEMPORARY, OWN = "given", "temporary", "own"
"""Whose password it is: set when the person was added, made by an administrator for once, or chosen by the person."""


def same_form(password: str) -> str:
    """Return the password as it is hashed: one form of Unicode, whatever keyboard typed it."""
    return unicodedata.normalize("NFC", password)


def check_password(password: str, *, field: str = "password") -> None:
    """Raise Invalid, naming `field`, when the password is too short or too long; any character may be in it."""
    if len(password) < SHORTEST:
        raise _refused(field, f"The password must be {SHORTEST} characters or more. Three random words are good")
    if len(password) > LONGEST:
        raise _refused(field, f"The password must be {LONGEST} characters or fewer")
    if len(set(password)) < 4:
        raise _refused(field, "The password must have at least 4 different characters")


def _refused(field: str, message: str) -> Invalid:
    return Invalid(message, {field: [message]})
