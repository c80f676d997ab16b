"""On which London dates a panel meets: its recurrence, moved off bank holidays by its own rule, closures left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.rrule import FR, MO, MONTHLY, SA, SU, TH, TU, WE, rrule

from shared.authority import ON_BANK_HOLIDAY, WEEKDAYS, WEEKS_OF_MONTH, Closure, is_closed
from shared.working_days import is_working_day, next_working_day, previous_working_day

_WEEKDAYS = (MO, TU, WE, TH, FR, SA, SU)
_LAST = -1


class RhythmWrong(ValueError):
    """A panel's recurrence cannot be followed."""


@dataclass(frozen=True)
class Rhythm:
    """Every `weeks` weeks from `first_on`, or `monthly` on a weekday (`first tuesday`) and never before `first_on`.

    `on_bank_holiday` is one of ON_BANK_HOLIDAY. Within `closures` no meeting is held.
    """

    weeks: int
    first_on: date
    on_bank_holiday: str
    monthly: str = ""
    closures: tuple[Closure, ...] = ()

    def __post_init__(self) -> None:
        if self.monthly:
            week, _, weekday = self.monthly.partition(" ")
            if self.weeks or week not in WEEKS_OF_MONTH or weekday not in WEEKDAYS:
                raise RhythmWrong(f"there is no recurrence {self.monthly!r} every {self.weeks} weeks")
        elif self.weeks < 1:
            raise RhythmWrong(f"a panel meets every 1 week or more, not every {self.weeks}")
        if self.on_bank_holiday not in ON_BANK_HOLIDAY:
            raise RhythmWrong(f"there is no bank-holiday rule {self.on_bank_holiday!r}")


@dataclass(frozen=True)
class PlannedDate:
    """A date of the recurrence, and the working day on which its meeting is held."""

    planned_on: date
    held_on: date


def planned_dates(rhythm: Rhythm, *, from_on: date, until_on: date) -> list[PlannedDate]:
    """Return the meetings held from `from_on` to `until_on`, both included, in order; no two on one day."""
    found: dict[date, PlannedDate] = {}
    for planned_on in _recurrence(rhythm, from_on=from_on, until_on=until_on):
        held_on = _held_on(planned_on, rhythm)
        if held_on is not None and from_on <= held_on <= until_on:
            found.setdefault(held_on, PlannedDate(planned_on, held_on))
    return list(found.values())


def _recurrence(rhythm: Rhythm, *, from_on: date, until_on: date) -> Iterator[date]:
    """Yield the dates of the bare recurrence, beginning and ending a cycle wide of what is asked for."""
    if rhythm.monthly:
        week, _, weekday = rhythm.monthly.partition(" ")
        place = _LAST if week == "last" else WEEKS_OF_MONTH.index(week) + 1
        begins = max(rhythm.first_on, (from_on - timedelta(days=31)).replace(day=1))
        days = rrule(
            MONTHLY,
            dtstart=begins,
            until=until_on + timedelta(days=31),
            byweekday=_WEEKDAYS[WEEKDAYS.index(weekday)](place),
        )
        yield from (day.date() for day in days)
        return
    step = timedelta(weeks=rhythm.weeks)
    cycles = max(0, (from_on - rhythm.first_on) // step - 1)
    day = rhythm.first_on + cycles * step
    while day <= until_on + step:
        yield day
        day += step


def _held_on(planned_on: date, rhythm: Rhythm) -> date | None:
    held_on: date | None = planned_on
    if not is_working_day(planned_on):
        move = {"next_working_day": next_working_day, "previous_working_day": previous_working_day}
        held_on = move[rhythm.on_bank_holiday](planned_on) if rhythm.on_bank_holiday in move else None
    if held_on is None or is_closed(rhythm.closures, planned_on) or is_closed(rhythm.closures, held_on):
        return None
    return held_on
