"""England's bank holidays: as published for the years that are, by rule for those that are not yet."""

from datetime import date, timedelta
from functools import cache

import structlog
from dateutil.easter import easter
from govuk_bank_holidays.bank_holidays import BankHolidays

_MONDAY = 0

log = structlog.get_logger()


@cache
def bank_holidays_of(year: int) -> frozenset[date]:
    """Return the bank holidays of a year, substitute days included.

    Published are also days that were moved or given once, as for a coronation; a rule cannot know of them. So the
    first use of a year that is not published yet is logged: it is time to update the govuk-bank-holidays package.
    """
    published = _published()
    if year in {day.year for day in published}:
        return frozenset(day for day in published if day.year == year)
    log.warning("bank_holidays_by_rule", year=year)
    return bank_holidays_by_rule(year)


def bank_holidays_by_rule(year: int) -> frozenset[date]:
    """Return the bank holidays that England has every year, with the days that stand in for those on a weekend.

    Source: Banking and Financial Dealings Act 1971, schedule 1, and the yearly proclamations of substitute days.
    """
    sunday = easter(year)
    return frozenset(
        {
            _first_working_day(date(year, 1, 1)),
            sunday - timedelta(days=2),
            sunday + timedelta(days=1),
            _first_monday_from(date(year, 5, 1)),
            _first_monday_from(date(year, 5, 25)),
            _first_monday_from(date(year, 8, 25)),
            *_christmas(year),
        }
    )


def _christmas(year: int) -> set[date]:
    christmas, boxing_day = date(year, 12, 25), date(year, 12, 26)
    days = {day for day in (christmas, boxing_day) if day.weekday() < 5}
    # A day off at the weekend is made up for on the first weekday after both.
    substitute = date(year, 12, 27)
    while len(days) < 2:
        if substitute.weekday() < 5:
            days.add(substitute)
        substitute += timedelta(days=1)
    return days


def _first_working_day(day: date) -> date:
    return day if day.weekday() < 5 else _first_monday_from(day)


def _first_monday_from(day: date) -> date:
    return day + timedelta(days=(_MONDAY - day.weekday()) % 7)


@cache
def _published() -> frozenset[date]:
    holidays = BankHolidays(use_cached_holidays=True)
    return frozenset(day["date"] for day in holidays.get_holidays(division=BankHolidays.ENGLAND_AND_WALES))
