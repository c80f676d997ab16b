"""What has to happen about consent that is not given, at every stage of a request."""

import pytest

from services.referrals.rules.consent import consent_tasks
from services.referrals.rules.stages import AT_FRONT_DOOR, STAGES

ON_ITS_WAY = {"at_panel", "placed", "with_service", "offered", "accepted", "added_to_plan"}


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_is_to_be_done_while_the_family_agrees(stage: str) -> None:
    assert consent_tasks(stage, may_ask=True, may_share=True) == []


@pytest.mark.parametrize("stage", sorted(AT_FRONT_DOOR))
def test_at_the_front_door_a_request_without_consent_goes_nowhere(stage: str) -> None:
    [task] = consent_tasks(stage, may_ask=True, may_share=False)
    assert "has not agreed that it is shared" in task


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("placed", "off the agenda"),
        ("at_panel", "off the agenda"),
        ("with_service", "Stop the offer"),
        ("offered", "Stop the offer"),
        ("accepted", "Ring who leads the plan"),
        ("added_to_plan", "Ring who leads the plan"),
    ],
)
def test_on_its_way_the_front_door_is_told_what_to_do_now(stage: str, words: str) -> None:
    [task] = consent_tasks(stage, may_ask=False, may_share=True)
    assert "no longer agrees to this request" in task
    assert words in task


@pytest.mark.parametrize("stage", sorted(set(STAGES) - AT_FRONT_DOOR - ON_ITS_WAY))
def test_a_finished_request_needs_nothing(stage: str) -> None:
    assert consent_tasks(stage, may_ask=False, may_share=False) == []
