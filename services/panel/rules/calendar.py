"""On which London dates a panel meets: a recurrence, moved off bank holidays by the panel's own rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from shared.authority import ON_BANK_HOLIDAY
from shared.working_days import is_working_day, next_working_day, previous_working_day


class RhythmWrong(ValueError):
    """A panel's recurrence cannot be followed."""


@dataclass(frozen=True)
class Rhythm:
    """Every `weeks` weeks from `first_on`, whose weekday is the panel's; `on_bank_holiday` is one of ON_BANK_HOLIDAY."""

    weeks: int
    first_on: date
    on_bank_holiday: str

    def __post_init__(self) -> None:
        if self.weeks < 1:
            raise RhythmWrong(f"a panel meets every 1 week or more, not every {self.weeks}")
        if self.on_bank_holiday not in ON_BANK_HOLIDAY:
            raise RhythmWrong(f"there is no bank-holiday rule {self.on_bank_holiday!r}")


def meeting_dates(rhythm: Rhythm, *, from_on: date, until_on: date) -> list[date]:
    """Return the dates from `from_on` to `until_on`, both included, on which the panel meets, in order."""
    days: list[date] = []
    for planned_on in _recurrence(rhythm, from_on=from_on, until_on=until_on):
        held_on = _held_on(planned_on, rhythm.on_bank_holiday)
        if held_on is not None and from_on <= held_on <= until_on and held_on not in days:
            days.append(held_on)
    return days


def _recurrence(rhythm: Rhythm, *, from_on: date, until_on: date) -> Iterator[date]:
    """Yield the dates of the bare recurrence, beginning and ending a cycle wide of what is asked for."""
    step = timedelta(weeks=rhythm.weeks)
    cycles = max(0, (from_on - rhythm.first_on) // step - 1)
    day = rhythm.first_on + cycles * step
    while day <= until_on + step:
        yield day
        day += step


def _held_on(planned_on: date, on_bank_holiday: str) -> date | None:
    if is_working_day(planned_on):
        return planned_on
    if on_bank_holiday == "skip":
        return None
    return next_working_day(planned_on) if on_bank_holiday == "next_working_day" else previous_working_day(planned_on)
