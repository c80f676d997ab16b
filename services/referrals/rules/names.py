"""How the people of a request are called on every page: by name, a child not yet born by when it is expected."""

from collections import Counter
from collections.abc import Iterable
from datetime import date


def whole_name(given_name: str, family_name: str) -> str:
    """Return a name as it is written, also when a part of it is not known."""
    return " ".join(part for part in (given_name, family_name) if part)


def child_names(children: Iterable[tuple[str, date | None]]) -> list[str]:
    """Return how children are called, each given as its name and when it is expected, None once it is born.

    Twins not yet born have the same date and no names: a number keeps them apart wherever one is chosen.
    """
    known = list(children)
    sharing = Counter(expected_on for _, expected_on in known if expected_on)
    numbers: Counter[date] = Counter()
    names = []
    for name, expected_on in known:
        if expected_on:
            numbers[expected_on] += 1
            name = _unborn(expected_on, numbers[expected_on] if sharing[expected_on] > 1 else None)
        names.append(name)
    return names


def _unborn(expected_on: date, number: int | None) -> str:
    which = f" {number}" if number else ""
    return f"Unborn child{which}, expected {expected_on.day} {expected_on:%B %Y}"
