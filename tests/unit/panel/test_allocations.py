"""How offers are answered, and where a declined family goes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.panel.rules import allocations as rules
from shared.working_days import is_working_day

EHAP = rules.PanelChoice("ehap", "allocation", "")
STEP_DOWN = rules.PanelChoice("step-down", "step_down", "")
STROUD = rules.PanelChoice("step-down-stroud", "step_down", "stroud")
GLOUCESTER = rules.PanelChoice("step-down-gloucester", "step_down", "gloucester")


def test_an_offer_is_answered_once() -> None:
    rules.check_unanswered("offered")
    for state in ("accepted", "declined", "withdrawn"):
        with pytest.raises(rules.AlreadyAnswered):
            rules.check_unanswered(state)


def test_five_working_days_skip_the_weekend() -> None:
    assert rules.answer_due_on(date(2026, 11, 5), 5) == date(2026, 11, 12)


@given(st.dates(min_value=date(2024, 1, 1), max_value=date(2027, 6, 30)), st.integers(1, 20))
def test_an_answer_is_due_on_a_working_day_after_the_offer(offered_on: date, days: int) -> None:
    due_on = rules.answer_due_on(offered_on, days)
    assert is_working_day(due_on)
    assert due_on > offered_on


def test_days_left_go_below_nought() -> None:
    assert rules.days_left(date(2026, 11, 5), date(2026, 11, 5)) == 0
    assert rules.days_left(date(2026, 11, 5), date(2026, 11, 7)) == -2


def test_a_declined_request_goes_to_the_allocation_panel() -> None:
    assert rules.panel_to_return_to([STEP_DOWN, EHAP], kind="request", locality="") == "ehap"
    assert rules.panel_to_return_to([EHAP, STEP_DOWN], kind="step_down", locality="") == "step-down"


def test_without_an_allocation_panel_the_meeting_of_the_locality_hears_it() -> None:
    assert (
        rules.panel_to_return_to([STROUD, GLOUCESTER], kind="request", locality="gloucester") == "step-down-gloucester"
    )
    assert rules.panel_to_return_to([STROUD, GLOUCESTER], kind="request", locality="") == "step-down-stroud"


@given(
    st.lists(st.sampled_from([EHAP, STEP_DOWN, STROUD, GLOUCESTER]), min_size=1, unique=True),
    st.sampled_from(["request", "step_down"]),
    st.sampled_from(["", "stroud", "gloucester", "elsewhere"]),
)
def test_every_declined_family_has_a_panel_to_go_to(panels: list[rules.PanelChoice], kind: str, locality: str) -> None:
    assert rules.panel_to_return_to(panels, kind=kind, locality=locality) in {panel.key for panel in panels}


def test_two_acceptances_say_nothing_of_how_long_a_service_takes() -> None:
    monday, tuesday = date(2026, 11, 9), date(2026, 11, 10)
    assert rules.median_days_to_accept([(monday, tuesday)] * 2) is None
    assert rules.median_days_to_accept([(monday, tuesday)] * 3) == 1


def test_half_of_the_acceptances_came_within_the_days_that_are_said() -> None:
    friday, monday, wednesday = date(2026, 11, 6), date(2026, 11, 9), date(2026, 11, 11)
    assert rules.median_days_to_accept([(friday, friday), (friday, monday), (friday, wednesday)]) == 1
    assert rules.median_days_to_accept([(friday, wednesday), (friday, wednesday), (friday, monday)]) == 3
