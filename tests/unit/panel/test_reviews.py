"""When reviews are due, and what they end with."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.panel.rules import reviews as rules
from shared.authority import INTERVAL_UNITS, REVIEW_CASES, ReviewCase, Reviews, load_profile
from shared.errors import Invalid
from shared.working_days import is_working_day

BATHNES = load_profile("bathnes").newest.reviews
GLOUCESTERSHIRE = load_profile("gloucestershire").newest.reviews

days = st.dates(min_value=date(2024, 1, 1), max_value=date(2027, 6, 30))
cases = st.sampled_from(list(REVIEW_CASES))


def _interval(case: str) -> st.SearchStrategy[ReviewCase]:
    counts = st.integers(1, 12)
    units = st.sampled_from(list(INTERVAL_UNITS))
    return st.builds(ReviewCase, case=st.just(case), unit=units, first=counts, later=counts, never_over=counts)


policies = st.builds(
    Reviews,
    policy=st.just("a policy"),
    remind_days_before=st.just(7),
    cases=st.tuples(*map(_interval, REVIEW_CASES)) | st.tuples(_interval("usual")),
)


def _longest(start: date, interval: ReviewCase) -> date:
    unit = {"weeks": 7, "months": 31}[interval.unit]
    return start + timedelta(days=interval.never_over * unit)


@given(opened_on=days, case=cases, reviews=policies)
def test_a_first_review_is_on_a_working_day_after_the_plan_opened_and_within_the_maximum(
    opened_on: date, case: str, reviews: Reviews
) -> None:
    due = rules.first_review(opened_on, case=case, reviews=reviews)
    assert is_working_day(due.on)
    assert opened_on < due.on <= _longest(opened_on, reviews.of(case))


@given(held_on=days, case=cases, reviews=policies)
def test_a_later_review_is_on_a_working_day_within_the_maximum(held_on: date, case: str, reviews: Reviews) -> None:
    due = rules.later_review(held_on, case=case, reviews=reviews)
    assert is_working_day(due.on)
    assert held_on < due.on <= _longest(held_on, reviews.of(case))


@given(held_on=days, case=cases, reviews=policies)
def test_a_due_date_remembers_which_policy_gave_it(held_on: date, case: str, reviews: Reviews) -> None:
    policy, _, of_case = rules.later_review(held_on, case=case, reviews=reviews).policy.partition("/")
    assert policy == "a policy"
    assert (of_case or "usual") == reviews.of(case).case


@given(held_on=days, case=cases, reviews=policies, closed_for=st.integers(1, 120))
def test_a_closure_never_puts_a_review_before_the_plan(
    held_on: date, case: str, reviews: Reviews, closed_for: int
) -> None:
    closures = {held_on + timedelta(days=number) for number in range(closed_for)}
    due = rules.later_review(held_on, case=case, reviews=reviews, closures=closures)
    assert due.on > held_on
    assert is_working_day(due.on, closures)


def test_six_weeks_that_end_on_christmas_day_end_the_day_before() -> None:
    assert rules.first_review(date(2026, 11, 13), case="usual", reviews=BATHNES).on == date(2026, 12, 24)


def test_a_step_down_has_an_interval_of_its_own() -> None:
    usual, step_down = ReviewCase("usual", "weeks", 6, 6, 12), ReviewCase("step_down", "weeks", 3, 6, 12)
    reviews = Reviews("a policy", 7, (usual, step_down))
    assert rules.first_review(date(2026, 11, 2), case="step_down", reviews=reviews).on == date(2026, 11, 23)
    assert rules.first_review(date(2026, 11, 2), case="usual", reviews=reviews).on == date(2026, 12, 14)


def test_gloucestershire_reviews_a_disabled_child_with_short_breaks_every_six_months() -> None:
    assert rules.first_review(date(2026, 11, 2), case="short_breaks", reviews=GLOUCESTERSHIRE).on == date(2027, 4, 30)
    assert list(rules.cases_to_choose("step_down", GLOUCESTERSHIRE)) == ["step_down", "short_breaks"]


def test_gloucestershire_reviews_every_six_weeks_after_a_step_down() -> None:
    first = rules.first_review(date(2026, 11, 2), case="step_down", reviews=GLOUCESTERSHIRE).on
    assert first == date(2026, 12, 14)
    assert rules.later_review(first, case="step_down", reviews=GLOUCESTERSHIRE).on == date(2027, 1, 25)


def test_worcestershire_reviews_after_six_weeks_then_every_twelve_and_never_later() -> None:
    worcestershire = load_profile("worcestershire").newest.reviews
    usual = worcestershire.of("usual")
    assert (usual.first, usual.later, usual.never_over, usual.unit) == (6, 12, 12, "weeks")
    assert rules.later_review(date(2026, 11, 2), case="usual", reviews=worcestershire).on == date(2027, 1, 25)


def test_where_there_is_one_interval_for_a_plan_there_is_nothing_to_choose() -> None:
    assert list(rules.cases_to_choose("request", BATHNES)) == ["usual"]
    with pytest.raises(Invalid):
        rules.check_case("short_breaks", kind="request", reviews=BATHNES)


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
    [
        ("bathnes reviews 2024", "Review policy of 2024"),
        ("bathnes reviews 2024/step_down", "Review policy of 2024, after a step-down"),
        ("six weeks", "six weeks"),
        ("", ""),
    ],
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
    kept_from_people = {"moved_to_social_care", "withdrawn", "safeguarding", "taken_back", "consent_withdrawn"}
    assert set(rules.CLOSED_BECAUSE) - set(rules.REASONS_TO_CHOOSE) == kept_from_people


@pytest.mark.parametrize("because", ["signposted", "more_information_asked", "added_to_plan", "ready_for_panel"])
def test_what_the_front_door_sends_elsewhere_was_taken_back(because: str) -> None:
    assert rules.closes_after_letting_go(because) == "taken_back"
