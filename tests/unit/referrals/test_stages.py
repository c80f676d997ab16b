"""The stage of a request follows from the last decision and what came after it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.rules.stages import (
    AT_FRONT_DOOR,
    OUTCOMES,
    STAGES,
    STAGES_FOR_REFERRER,
    outcomes_allowed,
    stage_of,
)

steps = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "placed",
                "decided",
                "offered",
                "offer_withdrawn",
                "accepted",
                "declined",
                "plan_closed",
                "information_given",
            ]
        ),
        st.sampled_from(["", "allocate", "carry_over", "signpost", "more_information", "consent_outstanding"]),
    ),
    max_size=8,
)


def test_both_lists_of_stages_name_the_same() -> None:
    assert set(STAGES) == set(STAGES_FOR_REFERRER)


@given(st.sampled_from([None, *OUTCOMES]), steps)
def test_every_way_ends_in_a_stage_that_has_a_name(outcome: str | None, later: list[tuple[str, str]]) -> None:
    assert stage_of(outcome, later) in STAGES


@given(st.sampled_from(sorted(set(OUTCOMES) - {"panel", "service", "more_information", "ask_consent"})), steps)
def test_what_left_every_queue_stays_out(outcome: str, later: list[tuple[str, str]]) -> None:
    assert stage_of(outcome, later) == stage_of(outcome, [])


@given(steps)
def test_before_triage_nothing_moves_a_request(later: list[tuple[str, str]]) -> None:
    assert stage_of(None, later) == "received"


@given(st.sampled_from(["panel", "service"]), steps)
def test_a_request_that_was_sent_on_is_never_back_at_the_front_door(outcome: str, later: list[tuple[str, str]]) -> None:
    assert stage_of(outcome, later) not in AT_FRONT_DOOR


def test_an_answer_brings_a_request_back_to_triage() -> None:
    assert stage_of("more_information", [("information_given", "")]) == "received"


def test_a_request_whose_plan_had_closed_is_back_at_triage() -> None:
    assert stage_of("add_to_plan", [("joined_plan", "")]) == "added_to_plan"
    assert stage_of("add_to_plan", [("plan_found_closed", "")]) == "received"
    assert stage_of("safeguarding", [("plan_found_closed", "")]) == "safeguarding"


@pytest.mark.parametrize("outcome", ["panel", "service"])
def test_a_request_that_its_panel_sent_back_is_back_at_triage(outcome: str) -> None:
    assert stage_of(outcome, [("placed", ""), ("sent_back", "")]) == "received"
    assert stage_of("signpost", [("sent_back", "")]) == "signposted"


@pytest.mark.parametrize("outcome", ["carry_over", "more_information", "consent_outstanding"])
def test_what_a_meeting_did_not_finish_waits_again(outcome: str) -> None:
    assert stage_of("panel", [("placed", ""), ("decided", outcome)]) == "at_panel"


@pytest.mark.parametrize("outcome", ["panel", "service"])
def test_a_family_whose_offer_was_taken_back_waits_for_a_panel_until_it_is_placed_or_decided(outcome: str) -> None:
    taken_back = [("offered", ""), ("offer_withdrawn", "")]
    assert stage_of(outcome, taken_back) == "at_panel"
    assert stage_of(outcome, [*taken_back, ("placed", "")]) == "placed"
    assert stage_of(outcome, [*taken_back, ("decided", "signpost")]) == "decided"


@pytest.mark.parametrize("stage", ["accepted", "decided", "closed"])
def test_nothing_is_triaged_once_it_is_allocated_or_decided(stage: str) -> None:
    assert outcomes_allowed(stage) == set()


@pytest.mark.parametrize("stage", ["offered", "with_service"])
def test_an_offer_can_only_be_stopped(stage: str) -> None:
    assert outcomes_allowed(stage) == {"safeguarding", "withdraw"}
