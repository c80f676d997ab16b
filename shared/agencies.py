"""Agencies that a family does not want to be told: one rule for every service that could tell one."""

import unicodedata
from collections.abc import Iterable


def is_excluded(agency_name: str, not_with: Iterable[str]) -> bool:
    """Say whether a family's words name this agency.

    People write `Riverside Housing` for Riverside Housing Association, so one name within the other
    counts: a refusal that a person can look into does less harm than telling an agency by mistake.
    """
    name = _words(agency_name)
    return any(_within(_words(excluded), name) or _within(name, _words(excluded)) for excluded in not_with)


def _words(name: str) -> tuple[str, ...]:
    decomposed = unicodedata.normalize("NFKD", name).casefold().replace("’", "'")
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    letters = "".join(letter if letter.isalnum() or letter == "'" else " " for letter in plain)
    return tuple(letters.split())


def _within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    places = range(len(whole) - len(part) + 1)
    return bool(part) and any(whole[start : start + len(part)] == part for start in places)


def is_named(agency_name: str, agreed_to: Iterable[str]) -> bool:
    """Say whether a family's words name exactly this agency; unlike an exclusion, part of a name is not enough."""
    return any(_words(agency_name) == _words(name) for name in agreed_to)
