"""How long families waited: the middle, the ninetieth of a hundred, and how many waited how many weeks."""

from collections.abc import Mapping

QUANTILES = {"median": 50, "ninetieth": 90}
"""Which of a hundred families, in the order of their wait, is asked for."""

BANDS = {
    "0": "Up to 1 week",
    "8": "1 to 2 weeks",
    "15": "2 to 3 weeks",
    "22": "3 to 4 weeks",
    "29": "4 to 6 weeks",
    "43": "6 to 8 weeks",
    "57": "8 to 12 weeks",
    "85": "Over 12 weeks",
}
"""Waits by the days with which a band begins, with the words for it: the last day of a week belongs to that week."""


def band_of(days: int) -> str:
    """Return the band of a wait; one that ended before it began, by a wrong date, counts as none."""
    return max((first for first in BANDS if int(first) <= max(days, 0)), key=int)


def waited(days: Mapping[int, int], of_hundred: int) -> int | None:
    """Return the days that so many of a hundred waited at the most: nearest rank, so somebody's real wait.

    `days` says how many waited how long. None when nobody waited.
    """
    total = sum(days.values())
    so_far = 0
    for length in sorted(days):
        so_far += days[length]
        if total and so_far * 100 >= total * of_hundred:
            return length
    return None


def is_of_enough(total: int, of_hundred: int, *, smallest: int = 6) -> bool:
    """Say whether a wait may be published: at least `smallest` families waited longer, so that it is nobody's own."""
    return total * (100 - of_hundred) >= smallest * 100
