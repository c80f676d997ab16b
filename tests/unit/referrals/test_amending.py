"""What whoever sent a request may still do with it, stage by stage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.rules.amending import (
    ABOUT,
    FRONT_DOOR_ALONE,
    SHOWN,
    allowed_at,
    check_amendment,
    check_reason,
    what_happens,
    who_sent,
)
from services.referrals.rules.stages import AT_FRONT_DOOR, OUTCOMES, STAGES, outcomes_allowed, stage_of
from shared.errors import Invalid

ENDED = {"signposted", "no_further_action", "withdrawn", "closed"}


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_a_request_can_be_added_to_until_it_has_ended(stage: str) -> None:
    assert allowed_at(stage).amend == (stage not in ENDED)
    assert what_happens(stage)


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_nobody_both_withdraws_and_only_asks_to_stop(stage: str) -> None:
    allowed = allowed_at(stage)
    assert not (allowed.withdraw and allowed.ask_to_stop)
    assert allowed.amend or not (allowed.withdraw or allowed.ask_to_stop)


def test_help_that_a_worker_gives_is_not_ended_by_whoever_holds_the_reference() -> None:
    assert [stage for stage in STAGES if allowed_at(stage).ask_to_stop] == ["accepted", "added_to_plan"]


def test_social_care_is_not_stopped_but_can_be_told_more() -> None:
    assert allowed_at("safeguarding").amend
    assert not allowed_at("safeguarding").withdraw


def test_a_withdrawn_request_can_be_decided_about_again() -> None:
    assert outcomes_allowed("withdrawn")


@given(
    st.sampled_from([None, *OUTCOMES]),
    st.lists(
        st.sampled_from([("placed", ""), ("offered", ""), ("accepted", ""), ("decided", "allocate"), ("amended", "")])
    ),
    st.lists(st.sampled_from([("placed", ""), ("offered", ""), ("accepted", ""), ("information_given", "")])),
)
def test_no_late_message_brings_a_withdrawn_request_back(
    outcome: str | None, before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    assert stage_of(outcome, [*before, ("withdrawn_by_sender", ""), *after]) == "withdrawn"


@given(
    st.sampled_from([None, *OUTCOMES]), st.lists(st.sampled_from([("placed", ""), ("offered", ""), ("accepted", "")]))
)
def test_saying_more_does_not_move_a_request(outcome: str | None, steps: list[tuple[str, str]]) -> None:
    assert stage_of(outcome, [*steps, ("amended", ""), ("wants_to_stop", "")]) == stage_of(outcome, steps)


def test_a_correction_says_what_was_wrong() -> None:
    with pytest.raises(Invalid) as refusal:
        check_amendment({"kind": "corrected", "was": "", "words": "Nine"})
    assert set(refusal.value.errors) == {"was"}
    check_amendment({"kind": "added", "was": "", "words": "More"})


def test_another_reason_is_said_in_words() -> None:
    with pytest.raises(Invalid):
        check_reason({"reason": "other", "words": ""})
    check_reason({"reason": "moved", "words": ""})


@pytest.mark.parametrize(
    ("source", "is_referrer", "by"), [("2A", True, "referrer"), ("2A", False, "family"), ("1A", True, "family")]
)
def test_a_family_that_asked_for_itself_is_the_family(source: str, is_referrer: bool, by: str) -> None:
    assert who_sent(source, is_referrer=is_referrer) == by


def test_what_only_the_front_door_reads_is_among_what_can_be_said() -> None:
    assert set(ABOUT) > FRONT_DOOR_ALONE
    assert set(SHOWN) == {"added", "corrected", "withdrawn", "wants_to_stop"}


@pytest.mark.parametrize("stage", sorted(AT_FRONT_DOOR))
def test_what_is_added_before_a_decision_is_read_before_it(stage: str) -> None:
    assert what_happens(stage) == "The front door reads it before it decides."
