"""When reviews are due, and what they end with."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.panel.rules import reviews as rules
from shared.authority import Reviews, load_profile
from shared.errors import Invalid
from shared.working_days import is_working_day

BATHNES = load_profile("bathnes").newest.reviews

days = st.dates(min_value=date(2024, 1, 1), max_value=date(2027, 6, 30))
policies = st.builds(
    Reviews,
    policy=st.just("a policy"),
    first_weeks=st.integers(1, 20),
    later_weeks=st.integers(1, 20),
    after_step_down_weeks=st.integers(1, 20),
    never_over_weeks=st.integers(1, 12),
    remind_days_before=st.just(7),
)


@given(opened_on=days, kind=st.sampled_from(["request", "step_down"]), reviews=policies)
def test_a_first_review_is_on_a_working_day_after_the_plan_opened_and_within_the_maximum(
    opened_on: date, kind: str, reviews: Reviews
) -> None:
    due = rules.first_review(opened_on, kind=kind, reviews=reviews)
    assert is_working_day(due.on)
    assert opened_on < due.on <= opened_on + timedelta(weeks=reviews.never_over_weeks)
    assert due.policy == "a policy"


@given(held_on=days, reviews=policies)
def test_a_later_review_is_on_a_working_day_within_the_maximum(held_on: date, reviews: Reviews) -> None:
    due = rules.later_review(held_on, reviews=reviews)
    assert is_working_day(due.on)
    assert held_on < due.on <= held_on + timedelta(weeks=reviews.never_over_weeks)


@given(held_on=days, reviews=policies, closed_for=st.integers(1, 120))
def test_a_closure_never_puts_a_review_before_the_plan(held_on: date, reviews: Reviews, closed_for: int) -> None:
    closures = {held_on + timedelta(days=number) for number in range(closed_for)}
    due = rules.later_review(held_on, reviews=reviews, closures=closures)
    assert due.on > held_on
    assert is_working_day(due.on, closures)


def test_six_weeks_that_end_on_christmas_day_end_the_day_before() -> None:
    assert rules.first_review(date(2026, 11, 13), kind="request", reviews=BATHNES).on == date(2026, 12, 24)


def test_a_step_down_has_an_interval_of_its_own() -> None:
    reviews = Reviews("a policy", 6, 6, 3, 12, 7)
    assert rules.first_review(date(2026, 11, 2), kind="step_down", reviews=reviews).on == date(2026, 11, 23)
    assert rules.first_review(date(2026, 11, 2), kind="request", reviews=reviews).on == date(2026, 12, 14)


def test_a_review_may_be_of_today_and_of_the_plans_first_day() -> None:
    day = date(2026, 11, 2)
    rules.check_held_on(day, today=day, opened_on=day, last_held_on=None)


@pytest.mark.parametrize("held_on", [date(2026, 11, 21), date(2026, 11, 1), date(2026, 11, 9)])
def test_a_review_is_not_of_the_future_nor_before_the_plan_or_the_last_review(held_on: date) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.check_held_on(
            held_on, today=date(2026, 11, 20), opened_on=date(2026, 11, 2), last_held_on=date(2026, 11, 10)
        )
    assert "held_on" in refusal.value.errors


def test_a_plan_goes_on_while_social_care_has_only_been_asked() -> None:
    assert rules.closes_because("step_up_asked", "") is None
    assert rules.closes_because("step_up_accepted", "") == "moved_to_social_care"


def test_a_plan_that_steps_down_has_met_its_needs() -> None:
    assert rules.closes_because("step_down", "") == "needs_met"


@pytest.mark.parametrize("reason", ["", "moved_to_social_care", "bored"])
def test_a_plan_that_ends_has_a_reason_that_can_be_chosen(reason: str) -> None:
    with pytest.raises(Invalid):
        rules.closes_because("close", reason)


def test_a_review_is_overdue_from_the_day_after() -> None:
    assert not rules.is_overdue(date(2026, 11, 2), date(2026, 11, 2))
    assert rules.is_overdue(date(2026, 11, 2), date(2026, 11, 3))


@pytest.mark.parametrize(
    ("policy", "words"),
    [("bathnes reviews 2024", "Review policy of 2024"), ("six weeks", "six weeks"), ("", "")],
)
def test_a_policy_is_told_by_its_year_not_by_its_key(policy: str, words: str) -> None:
    assert rules.policy_in_words(policy) == words


@pytest.mark.parametrize(
    ("days", "is_soon"), [(-1, False), (0, True), (7, True), (8, False)], ids=["late", "today", "a week", "later"]
)
def test_a_review_is_soon_within_the_reminder_time_and_no_longer_once_it_is_late(days: int, is_soon: bool) -> None:
    today = date(2026, 11, 5)
    assert rules.is_soon(today + timedelta(days=days), today, 7) is is_soon


def test_what_the_front_door_brings_about_is_not_for_a_person_to_choose() -> None:
    kept_from_people = {"moved_to_social_care", "withdrawn", "safeguarding", "taken_back"}
    assert set(rules.CLOSED_BECAUSE) - set(rules.REASONS_TO_CHOOSE) == kept_from_people


@pytest.mark.parametrize("because", ["signposted", "more_information_asked", "added_to_plan", "ready_for_panel"])
def test_what_the_front_door_sends_elsewhere_was_taken_back(because: str) -> None:
    assert rules.closes_after_letting_go(because) == "taken_back"
