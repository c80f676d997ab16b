"""The secret in the address from which somebody's calendar reads their meetings, and which meetings it gives."""

import base64
import hashlib
import hmac
from datetime import timedelta
from uuid import UUID

BACK, AHEAD = timedelta(weeks=8), timedelta(weeks=52)
"""How far the calendar reaches: what was lately, and a year."""

_LENGTH = 32


def feed_secret(person_id: UUID, number: int, key: str) -> str:
    """Return the secret of a person's address of this number: a signature, so that it can be shown and is not kept."""
    signed = hmac.new(key.encode(), f"calendar of {person_id} {number}".encode(), hashlib.sha256).digest()
    return base64.b32encode(signed).decode().lower()[:_LENGTH]


def fingerprint_of(secret: str) -> str:
    """Return by what a secret is found again; the secret itself is never kept."""
    return hashlib.sha256(secret.encode()).hexdigest()
