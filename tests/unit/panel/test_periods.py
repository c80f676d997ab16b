"""Periods of statistics, and how long families waited."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.panel.rules.periods import chosen, month_of, preset, quarter_key, quarter_of, quarters_before
from services.panel.rules.waiting import BANDS, band_of, is_of_enough, waited
from shared.errors import Invalid

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@given(days)
def test_the_last_month_and_quarter_are_whole_and_over(today: date) -> None:
    for code, months in (("month", 1), ("quarter", 3)):
        period = preset(code, today)
        assert period.until_on < today
        assert len(period.months) == months
        assert period.from_on.day == 1
        assert month_of(period.until_on).until_on == period.until_on


@given(days)
def test_the_year_so_far_begins_in_april_and_ends_today(today: date) -> None:
    year = preset("year", today)
    assert (year.from_on.day, year.from_on.month, year.until_on) == (1, 4, today)
    assert 0 <= (today - year.from_on).days < 366


@given(days, days)
def test_quarters_that_are_over_follow_each_other(today: date, first: date) -> None:
    quarters = quarters_before(today, first)
    assert all(one.until_on < today and one.until_on >= first for one in quarters)
    assert all((late.from_on - early.until_on).days == 1 for late, early in itertools.pairwise(quarters))


def test_a_quarter_is_named_by_its_year_and_number() -> None:
    assert quarter_key(quarter_of(date(2026, 8, 15))) == "2026-Q3"


def test_a_period_may_be_one_day_and_not_end_before_it_begins() -> None:
    day = date(2026, 3, 1)
    assert chosen(day, day).months == ["2026-03"]
    with pytest.raises(Invalid, match="The last day"):
        chosen(day, date(2026, 2, 28))


@given(st.dictionaries(st.integers(0, 400), st.integers(1, 9), min_size=1), st.sampled_from([50, 90]))
def test_so_many_of_a_hundred_waited_so_long_at_the_most(lengths: dict[int, int], of_hundred: int) -> None:
    found = waited(lengths, of_hundred)
    total = sum(lengths.values())
    assert found in lengths
    assert sum(many for days, many in lengths.items() if days <= found) * 100 >= total * of_hundred
    assert sum(many for days, many in lengths.items() if days < found) * 100 < total * of_hundred


def test_nobody_waited_no_time() -> None:
    assert waited({}, 50) is None


@given(st.integers(-5, 1000))
def test_every_wait_has_a_band(length: int) -> None:
    assert band_of(length) in BANDS


def test_a_week_ends_with_its_seventh_day() -> None:
    assert [BANDS[band_of(days)] for days in (7, 8, 84, 85)] == [
        "Up to 1 week",
        "1 to 2 weeks",
        "8 to 12 weeks",
        "Over 12 weeks",
    ]


def test_a_wait_of_few_is_not_of_enough() -> None:
    assert [is_of_enough(number, 50) for number in (11, 12)] == [False, True]
    assert [is_of_enough(number, 90) for number in (59, 60)] == [False, True]
