"""By what somebody is found among a million: numbers made of what is known of them, each common to few people."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b

from services.referrals.rules.register.spelling import fold, parts_of, sound


@dataclass(frozen=True)
class Home:
    """An address as it is recognised: first line folded, postcode as it is written; `left_on` when they moved out."""

    first_line: str
    postcode: str
    left_on: date | None = None


@dataclass(frozen=True)
class Marks:
    """By what a person is recognised: a child or an adult of a request, or what somebody asks about."""

    given_name: str = ""
    family_name: str = ""
    also_known_as: tuple[str, ...] = ()
    date_of_birth: date | None = None
    expected_on: date | None = None
    nhs_number: str = ""
    upn: str = ""
    homes: tuple[Home, ...] = field(default=())


def fingerprints_of(marks: Marks) -> list[int]:
    """Return all by which a person is found later, sorted; no name can be read from them."""
    born = [marks.date_of_birth] if marks.date_of_birth else []
    return _numbers([*_telling(marks, born), *_wide(marks, born)])


def asked_fingerprints(marks: Marks) -> list[int]:
    """Return by what to look for a person, also with day and month of birth the other way round.

    A day or a postcode alone is looked for only where nothing tells more. Empty when that is too little to look for.
    """
    born = [day for day in (marks.date_of_birth, swapped(marks.date_of_birth)) if day]
    return _numbers(_telling(marks, born)) or _numbers(_wide(marks, born))


def swapped(day: date | None) -> date | None:
    """Return a date with day and month the other way round, None where that is no date or the same one."""
    if day is None or day.day > 12 or day.day == day.month:
        return None
    return date(day.year, day.day, day.month)


def _telling(marks: Marks, born: Sequence[date]) -> Iterator[str]:
    given, family = _given_sounds(marks), _family_sounds(marks)
    if marks.nhs_number:
        yield f"nhs {marks.nhs_number}"
    if marks.upn:
        yield f"upn {marks.upn}"
    for name in given | family:
        yield from (f"born {day} {name}" for day in born)
        yield from (f"at {home.postcode} {name}" for home in marks.homes if home.postcode)
    for one in given:
        # In one order, as first and last name are easily taken for each other.
        yield from (f"called {' '.join(sorted((one, other)))}" for other in family)
    yield from (f"lives {home.postcode} {home.first_line}" for home in marks.homes if home.postcode and home.first_line)


def _wide(marks: Marks, born: Sequence[date]) -> Iterator[str]:
    yield from (f"day {day}" for day in born)
    yield from (f"post {home.postcode}" for home in marks.homes if home.postcode)


def _given_sounds(marks: Marks) -> set[str]:
    return _sounds([marks.given_name, *marks.also_known_as])


def _family_sounds(marks: Marks) -> set[str]:
    return _sounds([marks.family_name, *marks.also_known_as])


def _sounds(names: Iterable[str]) -> set[str]:
    return {heard for name in names for part in parts_of(name) if (heard := sound(part))}


def _numbers(keys: Iterable[str]) -> list[int]:
    return sorted({int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), signed=True) for key in keys})


def home_of(lines: Iterable[str], postcode: str, left_on: date | None = None) -> Home:
    """Return an address as the register compares it."""
    return Home(fold(next(iter(lines), "")), postcode, left_on)
