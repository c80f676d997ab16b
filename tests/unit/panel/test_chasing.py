"""When an action is chased: held against every calendar that hypothesis can think of."""

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.panel.rules.chasing import BEFORE, chase_number


@dataclass(frozen=True)
class Rule:
    """A rule of an authority."""

    remind_days_before: int = 7
    overdue_every_days: int = 7
    overdue_at_most: int = 4


RULES = st.builds(Rule, st.integers(0, 30), st.integers(1, 30), st.integers(1, 10))
DUE = st.dates(date(2026, 1, 1), date(2029, 12, 31))


def chased(due_on: date, rule: Rule, days: list[int]) -> list[int]:
    """Return the chases that a clock makes which runs on these days, counted from the due date."""
    made: list[int] = []
    for day in days:
        number = chase_number(due_on, due_on + timedelta(days=day), rule)
        if number is not None and number not in made:
            made.append(number)
    return made


@given(DUE, RULES)
def test_a_clock_that_never_stops_chases_each_time_once_and_in_order(due_on: date, rule: Rule) -> None:
    far = rule.overdue_every_days * (rule.overdue_at_most + 2)
    assert chased(due_on, rule, list(range(-40, far))) == list(range(rule.overdue_at_most + 1))


@given(DUE, RULES, st.lists(st.integers(-40, 400), max_size=20))
def test_an_outage_leaves_chases_out_but_never_makes_one_twice_or_late_out_of_order(
    due_on: date, rule: Rule, days: list[int]
) -> None:
    made = chased(due_on, rule, sorted(days))
    assert made == sorted(set(made))
    assert all(BEFORE <= number <= rule.overdue_at_most for number in made)


@given(DUE, RULES, st.integers(1, 400))
def test_the_first_run_after_an_outage_chases_what_is_overdue_once(due_on: date, rule: Rule, late: int) -> None:
    [number] = chased(due_on, rule, [late])
    assert number >= 1


@given(DUE, RULES, st.integers(-400, 0))
def test_the_reminder_comes_in_the_days_before_and_on_the_day_and_never_earlier(
    due_on: date, rule: Rule, before: int
) -> None:
    assert (chased(due_on, rule, [before]) == [BEFORE]) == (-before <= rule.remind_days_before)


@given(DUE, RULES, st.integers(1, 10))
def test_overdue_chases_are_a_whole_interval_apart(due_on: date, rule: Rule, times: int) -> None:
    first = due_on + timedelta(days=1)
    day = first + timedelta(days=(times - 1) * rule.overdue_every_days)
    assert chase_number(due_on, day, rule) == min(times, rule.overdue_at_most)
    if times > 1:
        assert chase_number(due_on, day - timedelta(days=1), rule) == min(times - 1, rule.overdue_at_most)
