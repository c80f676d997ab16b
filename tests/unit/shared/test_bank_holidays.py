from datetime import date

import holidays
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from shared.bank_holidays import bank_holidays_by_rule, bank_holidays_of

_MOVED_OR_GIVEN_ONCE = {
    2012: {date(2012, 5, 28), date(2012, 6, 4), date(2012, 6, 5)},  # the Diamond Jubilee
    2020: {date(2020, 5, 4), date(2020, 5, 8)},  # VE day
    2022: {date(2022, 5, 30), date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)},  # the Platinum Jubilee, a funeral
    2023: {date(2023, 5, 8)},  # the coronation
}


@pytest.mark.parametrize("year", range(2012, 2029))
def test_the_rule_gives_every_published_day_but_those_that_were_moved_or_given_once(year: int) -> None:
    assert bank_holidays_by_rule(year) ^ bank_holidays_of(year) == _MOVED_OR_GIVEN_ONCE.get(year, set())


@given(st.integers(2029, 2100))
def test_the_rule_agrees_with_an_independent_calendar(year: int) -> None:
    independent = holidays.country_holidays("GB", subdiv="ENG", years=year)
    assert bank_holidays_by_rule(year) == {day for day in independent if day.weekday() < 5}


@given(st.integers(1972, 2400))
def test_every_year_has_eight_bank_holidays_on_weekdays(year: int) -> None:
    days = bank_holidays_by_rule(year)
    assert len(days) == 8
    assert all(day.weekday() < 5 and day.year == year for day in days)


@pytest.mark.parametrize(
    ("year", "substitutes"),
    [(2032, {date(2032, 12, 27), date(2032, 12, 28)}), (2033, {date(2033, 12, 26), date(2033, 12, 27)})],
)
def test_christmas_at_a_weekend_is_made_up_for_after_it(year: int, substitutes: set[date]) -> None:
    assert {day for day in bank_holidays_by_rule(year) if day.month == 12} == substitutes


def test_the_first_use_of_a_year_that_is_not_published_is_logged_once() -> None:
    bank_holidays_of.cache_clear()
    with structlog.testing.capture_logs() as logged:
        for _ in range(3):
            bank_holidays_of(2028)
            bank_holidays_of(2029)
    assert [(line["event"], line["year"]) for line in logged] == [("bank_holidays_by_rule", 2029)]
