"""Hashes and checks passwords (argon2id), and makes first ones."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.directory.rules.passwords import same_form

_HASHER = PasswordHasher()
# No vowels, so no words; no look-alikes.
_LETTERS = "23479cdfghjkmnpqrtvwxy"
_GROUPS, _LETTERS_IN_GROUP = 4, 4


def hashed(password: str) -> str:
    """Return the hash that is kept of a password."""
    return _HASHER.hash(same_form(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Say whether the password is right; without a hash the answer is no, after the same work."""
    nobodys = _nobodys_hash()
    try:
        is_right = _HASHER.verify(password_hash or nobodys, same_form(password))
    except (VerificationError, InvalidHashError):
        return False
    return is_right and password_hash is not None


def is_out_of_date(password_hash: str) -> bool:
    """Say whether the hash was made with weaker settings than those of today."""
    return _HASHER.check_needs_rehash(password_hash)


def first_password() -> str:
    """Return a new random password that can be read out, such as `k7mp-x3qd-…`."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_LETTERS_IN_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe())
