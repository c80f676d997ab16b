"""A panel as the authority has it: when it meets and when not, its papers, minutes, quorum and confidentiality."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from shared.authority.read import MAY_BE_EMPTY

PANEL_KINDS = {"allocation": "Allocation panel", "step_down": "Step-down meeting", "other": "Other panel"}
"""What a panel is for, with the words for it; any other panel hears what the front door sends to it."""

ON_BANK_HOLIDAY = {
    "next_working_day": "on the next working day",
    "previous_working_day": "on the working day before",
    "skip": "not at all",
}
"""What happens to a meeting that falls on a day that is no working day, with the words for it."""

PAPERS_GO_OUT = {
    "at_closing": "when the agenda closes",
    "working_days_before": "so many working days before the meeting",
}
"""When papers go out, with the words for it."""

CUT_OFF_SHAPES = ("days", "working_days", "hours", "last_weekday")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKS_OF_MONTH = ("first", "second", "third", "fourth", "last")

CONFIDENTIALITY = (
    "What is said here about a family is confidential. It may be used only to help that family, and shared only with"
    " those who need it to do so. Papers are not copied or passed on. Members who know a family other than through"
    " their work say so before its item is heard."
)


@dataclass(frozen=True)
class Recurrence:
    """Every `weeks` weeks, or `monthly` on a weekday of it (`first tuesday`, `last friday`): one of the two.

    `first_on` is a London date on which the panel meets: weeks are counted from it, and no meeting is before it.
    """

    first_on: date
    starts: time
    minutes: int
    weeks: int = 0
    monthly: str = ""


@dataclass(frozen=True)
class CutOff:
    """When an agenda closes: so many days, working days or hours before the meeting, or the last named weekday before it.

    `count` counts days, working days or hours by `shape`; `weekday` is for last_weekday only. `at` is the London
    time of the day; the shape "hours" has no use for it.
    """

    shape: str
    count: int
    weekday: str = field(metadata=MAY_BE_EMPTY)
    at: time


@dataclass(frozen=True)
class Closure:
    """London dates, both included, on which no meeting is held, and why; with `every_year` the same days of each year."""

    from_on: date
    until_on: date
    why: str
    every_year: bool = False

    def covers(self, day: date) -> bool:
        """Say whether a London date is one of these."""
        if not self.every_year:
            return self.from_on <= day <= self.until_on
        length = self.until_on - self.from_on
        begins = (self.from_on.replace(year=year) for year in (day.year - 1, day.year))
        return any(begin <= day <= begin + length for begin in begins)


@dataclass(frozen=True)
class Papers:
    """When papers go out and how long they can be read; never before the agenda closes.

    `working_days` and `at`, a London time, are for `working_days_before` only. Members read until the end of the day
    that is `stay_days` after the meeting.
    """

    go_out: str = "at_closing"
    working_days: int = 0
    at: time = time(12)
    stay_days: int = 14


@dataclass(frozen=True)
class Quorum:
    """Who must be there: so many different agencies, these roles of seats, the chair or a deputy; nobody unless said."""

    agencies: int = 0
    roles: tuple[str, ...] = ()
    chair: bool = False

    @property
    def is_on(self) -> bool:
        """Say whether there is a quorum at all."""
        return bool(self.agencies or self.roles or self.chair)


@dataclass(frozen=True)
class Confidentiality:
    """The statement that is brought to everybody's notice at the start of a meeting; each change has a new version."""

    version: str = "2024-1"
    text: str = CONFIDENTIALITY


@dataclass(frozen=True)
class PanelProfile:
    """A panel as the authority has it. Its closures come on top of the authority's own."""

    key: str
    name: str
    kind: str
    locality: str = field(metadata=MAY_BE_EMPTY)
    place: str
    capacity: int
    slot_minutes: int
    on_bank_holiday: str
    recurrence: Recurrence
    cut_off: CutOff
    invitation_note: str = ""
    video_link: str = ""
    closures: tuple[Closure, ...] = ()
    papers: Papers = Papers()
    minutes_within_working_days: int = 10
    referrer_told_within_working_days: int = 5
    quorum: Quorum = Quorum()


def is_closed(closures: Iterable[Closure], day: date) -> bool:
    """Say whether a London date is within any of the closures."""
    return any(closure.covers(day) for closure in closures)


def closed_days(closures: Iterable[Closure], from_on: date, until_on: date) -> frozenset[date]:
    """Return the London dates from `from_on` to `until_on`, both included, that are within any of the closures."""
    days = (from_on + timedelta(days=count) for count in range((until_on - from_on).days + 1))
    closures = tuple(closures)
    return frozenset(day for day in days if is_closed(closures, day))
