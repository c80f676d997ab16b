from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.working_days import (
    is_working_day,
    next_working_day,
    previous_working_day,
    working_days_after,
    working_days_before,
    working_days_between,
)

_DAYS = st.dates(date(2026, 1, 1), date(2090, 11, 30))


@pytest.mark.parametrize("day", [date(2026, 12, 28), date(2027, 12, 27), date(2027, 12, 28), date(2026, 4, 6)])
def test_substitute_days_and_easter_monday_are_no_working_days(day: date) -> None:
    assert not is_working_day(day)


@given(_DAYS)
def test_bank_holidays_agree_with_an_independent_calendar(day: date) -> None:
    expected = day.weekday() < 5 and day not in holidays.country_holidays("GB", subdiv="ENG")
    assert is_working_day(day) == expected


@given(_DAYS, st.integers(1, 15))
def test_counting_forward_and_back_comes_home_from_a_working_day(day: date, count: int) -> None:
    start = previous_working_day(day)
    assert working_days_before(working_days_after(start, count), count) == start


@given(_DAYS, st.integers(0, 15))
def test_between_a_day_and_the_nth_working_day_after_it_are_n_working_days(day: date, count: int) -> None:
    assert working_days_between(day, working_days_after(day, count)) == count


def test_there_is_no_working_day_between_a_day_and_one_before_it() -> None:
    assert working_days_between(date(2026, 11, 12), date(2026, 11, 9)) == 0


@given(_DAYS)
def test_the_next_and_the_previous_working_day_are_working_days(day: date) -> None:
    assert is_working_day(next_working_day(day))
    assert is_working_day(previous_working_day(day))


def test_a_closure_of_the_authority_counts_as_no_working_day() -> None:
    closure = date(2026, 12, 29)
    assert next_working_day(date(2026, 12, 25), {closure}) == closure + timedelta(days=1)


def test_a_due_date_beyond_the_published_bank_holidays_is_given_all_the_same() -> None:
    assert working_days_after(date(2040, 12, 24), 1) == date(2040, 12, 27)
