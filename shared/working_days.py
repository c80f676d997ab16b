"""Working days in England: not weekends, not bank holidays (substitute days included), not the authority's closures."""

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache

from govuk_bank_holidays.bank_holidays import BankHolidays


class CalendarEnds(Exception):
    """The published bank holidays do not reach this year; update the govuk-bank-holidays package."""


@cache
def _bank_holidays() -> frozenset[date]:
    holidays = BankHolidays(use_cached_holidays=True)
    return frozenset(day["date"] for day in holidays.get_holidays(division=BankHolidays.ENGLAND_AND_WALES))


def is_working_day(day: date, closures: Collection[date] = ()) -> bool:
    """Say whether London date `day` is a working day; raises CalendarEnds past the published calendar."""
    if day.year > max(holiday.year for holiday in _bank_holidays()):
        raise CalendarEnds(f"no bank holidays are published for {day.year}")
    return day.weekday() < 5 and day not in _bank_holidays() and day not in closures


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
