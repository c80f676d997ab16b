"""What a panel's statistics count, and how counts are put together: plain numbers, of families and of children.

A family is counted at each meeting that had it on its agenda, so that the figures of months and panels add up. One with
several requests at a meeting is counted once, under the decision that comes first in RANK.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from services.panel.rules.decisions import ALLOCATE, CARRY_OVER, OUTCOMES, STEP_UP

UNITS = {"families": "Families", "children": "Children"}
"""What is counted, with the words for it."""

TAKEN_OFF = "taken_off"
NOT_HEARD = (CARRY_OVER, TAKEN_OFF)
RANK = (
    STEP_UP,
    ALLOCATE,
    *(code for code in OUTCOMES if code not in (STEP_UP, ALLOCATE, "not_accepted", CARRY_OVER)),
    "not_accepted",
    *NOT_HEARD,
)
"""What may become of a family on an agenda; the first is what a family with several requests is counted under."""

ALL = "all"
WAITED_FOR = {
    "first_heard": "first heard",
    "allocated": "allocated",
    "accepted": "accepted by a service",
}
"""Until when a wait is counted, from the day on which the request was received."""

REPRESENTED = ("present", "substitute")
PRESENCES = (*REPRESENTED, "apologies", "nobody")
"""How an agency with a seat was at a meeting, the best of its people counting; a seat to be named is not an absence."""


class Count(NamedTuple):
    """How many families, and how many children are in them."""

    families: int = 0
    children: int = 0

    def plus(self, other: "Count") -> "Count":
        """Return both together."""
        return Count(self.families + other.families, self.children + other.children)

    def of(self, unit: str) -> int:
        """Return the number of one of UNITS."""
        return self.families if unit == "families" else self.children


Counts = Mapping[str, Mapping[str, Count]]
"""By breakdown, then by the code of a line of it."""


@dataclass(frozen=True)
class Figures:
    """What was counted: the meetings held, families and children by breakdown, agencies' attendance in meetings."""

    meetings: int = 0
    counts: Counts = field(default_factory=dict)
    attendance: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def of(self, breakdown: str, code: str = ALL) -> Count:
        """Return one count, nought where there is none."""
        return self.counts.get(breakdown, {}).get(code, Count())

    def plus(self, other: "Figures") -> "Figures":
        """Return both together, as for two months or two panels."""
        attendance = {
            agency: {
                how: self.attendance.get(agency, {}).get(how, 0) + other.attendance.get(agency, {}).get(how, 0)
                for how in PRESENCES
            }
            for agency in self.attendance.keys() | other.attendance.keys()
        }
        counts = added_up((*_entries(self.counts), *_entries(other.counts)))
        return Figures(self.meetings + other.meetings, counts, attendance)

    def as_json(self) -> dict[str, Any]:
        """Return what a snapshot keeps."""
        counts = {name: {code: list(count) for code, count in some.items()} for name, some in self.counts.items()}
        return {
            "meetings": self.meetings,
            "counts": counts,
            "attendance": {k: dict(v) for k, v in self.attendance.items()},
        }

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> "Figures":
        """Return what a snapshot kept."""
        counts = {name: {code: Count(*count) for code, count in some.items()} for name, some in kept["counts"].items()}
        return Figures(kept["meetings"], counts, kept["attendance"])


def added_up(entries: Iterable[tuple[str, str, Count]]) -> Counts:
    """Return counts by breakdown and code, each breakdown with those that belong together as one."""
    counts: dict[str, dict[str, Count]] = {}
    for breakdown, code, count in entries:
        some = counts.setdefault(breakdown, {})
        some[code] = some.get(code, Count()).plus(count)
    return counts


def _entries(counts: Counts) -> Iterator[tuple[str, str, Count]]:
    for breakdown, some in counts.items():
        for code, count in some.items():
            yield breakdown, code, count
