"""Working days in England: not weekends, not bank holidays (substitute days included), not the authority's closures."""

from collections.abc import Collection
from datetime import date, timedelta

from shared.bank_holidays import bank_holidays_of


def is_working_day(day: date, closures: Collection[date] = ()) -> bool:
    """Say whether London date `day` is a working day."""
    return day.weekday() < 5 and day not in bank_holidays_of(day.year) and day not in closures


def working_days_after(day: date, count: int, closures: Collection[date] = ()) -> date:
    """Return the `count`-th working day after `day`, which itself never counts; `count` 0 gives `day`."""
    for _ in range(count):
        day = next_working_day(day + timedelta(days=1), closures)
    return day


def working_days_before(day: date, count: int, closures: Collection[date] = ()) -> date:
    """Return the `count`-th working day before `day`, which itself never counts; `count` 0 gives `day`."""
    for _ in range(count):
        day = previous_working_day(day - timedelta(days=1), closures)
    return day


def working_days_between(day: date, last: date, closures: Collection[date] = ()) -> int:
    """Return how many working days come after `day`, which itself never counts, until `last`, which does."""
    return sum(
        is_working_day(day + timedelta(days=number), closures) for number in range(1, max(0, (last - day).days) + 1)
    )


def next_working_day(day: date, closures: Collection[date] = ()) -> date:
    """Return `day` itself or the first working day after it."""
    while not is_working_day(day, closures):
        day += timedelta(days=1)
    return day


def previous_working_day(day: date, closures: Collection[date] = ()) -> date:
    """Return `day` itself or the last working day before it."""
    while not is_working_day(day, closures):
        day -= timedelta(days=1)
    return day
