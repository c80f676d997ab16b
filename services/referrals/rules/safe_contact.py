"""Whom to tell, and how without putting anybody in danger. What is not said to be safe is not used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Adult:
    """How an adult may be reached; `safe_channels` empty means not directly."""

    ref: str
    email: str
    mobile: str
    safe_channels: frozenset[str]
    lives_at: tuple[str, ...]


@dataclass(frozen=True)
class Home:
    """An address and whether anything may be sent to it."""

    ref: str
    lines: tuple[str, ...]
    town: str
    postcode: str
    may_write: bool
    from_on: date | None
    to_on: date | None
    not_disclosed_to: tuple[str, ...] = ()


def family_contact(contact: Adult | None, homes: Sequence[Home], *, today: date) -> dict[str, Any] | None:
    """Return how the family's contact may be told, or None when nobody may be contacted directly."""
    if contact is None:
        return None
    home = _home_to_write_to(contact, homes, today)
    usable = {
        "email": bool(contact.email),
        "sms": bool(contact.mobile),
        "phone": bool(contact.mobile),
        "letter": home is not None,
    }
    channels = [channel for channel, is_there in usable.items() if is_there and channel in contact.safe_channels]
    if not channels:
        return None
    may_ring = "sms" in channels or "phone" in channels
    return {
        "email": contact.email if "email" in channels else "",
        "mobile": contact.mobile if may_ring else "",
        "channels": channels,
        "address": _as_written(home) if home and "letter" in channels else None,
        "name_is_safe": False,
    }


def referrer_contact(email: str, phone: str, adults: Sequence[Adult]) -> dict[str, str]:
    """Return the referrer's address and number, without one that an adult of the family said is not safe.

    A family that asks for itself gives its own; the same mailbox may be read by somebody who must not know.
    """
    for adult in adults:
        if email and adult.email.casefold() == email.casefold() and "email" not in adult.safe_channels:
            email = ""
        if phone and digits(adult.mobile) == digits(phone) and "sms" not in adult.safe_channels:
            phone = ""
    return {"email": email, "phone": phone}


def _home_to_write_to(contact: Adult, homes: Sequence[Home], today: date) -> Home | None:
    return next(
        (home for home in homes if home.ref in contact.lives_at and home.may_write and is_current(home, today)), None
    )


def is_current(home: Home, today: date) -> bool:
    """Say whether somebody lives at a home on a London date."""
    return (home.from_on is None or home.from_on <= today) and (home.to_on is None or today <= home.to_on)


def _as_written(home: Home) -> dict[str, Any]:
    return {"lines": list(home.lines), "town": home.town, "postcode": home.postcode}


def digits(phone: str) -> str:
    """Return the digits of a telephone number, by which two ways of writing it are the same."""
    return "".join(letter for letter in phone if letter.isdigit())
