"""To which homes of a family a letter may go, and whom it is for. What is not said to be safe is not used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.referrals.rules.safe_contact import Home, is_current

NOT_DISCLOSED = "not_disclosed"
OTHERS_THERE = "others_there"


@dataclass(frozen=True)
class Addressee:
    """An adult of a request. `is_told`: holds parental responsibility, is the main carer, or is the family's contact."""

    ref: str
    is_told: bool
    wants_letters: bool
    lives_at: tuple[str, ...]


@dataclass(frozen=True)
class LetterTo:
    """One letter: a home, the adults it is for, why a person should look at it first, and who else lives there."""

    home_ref: str
    adult_refs: tuple[str, ...]
    because: tuple[str, ...]
    other_refs: tuple[str, ...] = ()


def letters_to(adults: Sequence[Addressee], homes: Sequence[Home], *, today: date) -> list[LetterTo]:
    """Return the letters of a family: each adult who is told gets one, those who share a home get it together.

    Somebody who lives at two homes gets it at the first that may be written to. A home that somebody must not
    learn of, or where an adult lives who did not call letters safe, is looked at by a person first.
    """
    writable = [home for home in homes if home.may_write and is_current(home, today)]
    found = []
    for home in writable:
        told = [one for one in adults if one.is_told and one.wants_letters and _first(one, writable) == home.ref]
        if told:
            others = [one for one in adults if home.ref in one.lives_at and not one.wants_letters]
            because = ([NOT_DISCLOSED] if home.not_disclosed_to else []) + ([OTHERS_THERE] if others else [])
            other_refs = tuple(one.ref for one in others)
            found.append(LetterTo(home.ref, tuple(one.ref for one in told), tuple(because), other_refs))
    return found


def _first(adult: Addressee, writable: Sequence[Home]) -> str:
    return next((home.ref for home in writable if home.ref in adult.lives_at), "")
