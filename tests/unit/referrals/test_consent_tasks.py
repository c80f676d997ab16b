"""What has to happen about consent that is not given, at every stage of a request."""

from datetime import date

import pytest

from services.referrals.rules.consent_tasks import confirm_task, consent_tasks, left_out_task
from services.referrals.rules.stages import AT_FRONT_DOOR, STAGES

WHY = ["Ana has not agreed."]
ON_ITS_WAY = {"at_panel", "placed", "with_service", "offered", "accepted", "added_to_plan"}


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_is_to_be_done_while_the_family_agrees(stage: str) -> None:
    assert consent_tasks(stage, []) == []


@pytest.mark.parametrize("stage", sorted(AT_FRONT_DOOR))
def test_at_the_front_door_a_request_without_consent_goes_nowhere(stage: str) -> None:
    [task] = consent_tasks(stage, WHY)
    assert "Ana has not agreed. It cannot go to a panel" in task
    [task] = consent_tasks(stage, WHY, is_overridden=True)
    assert "It cannot go" not in task


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
    [task] = consent_tasks(stage, WHY)
    assert "Ana has not agreed." in task
    assert words in task


@pytest.mark.parametrize("stage", sorted(set(STAGES) - AT_FRONT_DOOR - ON_ITS_WAY))
def test_a_finished_request_needs_nothing(stage: str) -> None:
    assert consent_tasks(stage, WHY) == []


@pytest.mark.parametrize(("day", "words"), [(4, "It is due by Thursday 5 November 2026."), (6, "It was due by")])
def test_an_agreement_that_is_only_spoken_is_to_be_signed_by_a_day(day: int, words: str) -> None:
    [task] = confirm_task(is_given=True, is_in_writing=False, due_on=date(2026, 11, 5), today=date(2026, 11, day))
    assert words in task


@pytest.mark.parametrize(("is_given", "is_in_writing"), [(True, True), (False, False)])
def test_nothing_is_to_be_signed_that_is_in_writing_or_not_agreed_to(is_given: bool, is_in_writing: bool) -> None:
    due_on = date(2026, 11, 5)
    assert confirm_task(is_given=is_given, is_in_writing=is_in_writing, due_on=due_on, today=due_on) == []


def test_an_agency_that_leads_a_plan_and_is_left_out_now_is_to_be_spoken_with() -> None:
    [task] = left_out_task(["Steps Forward", "Riverside Housing"], ["riverside"])
    assert "Riverside Housing leads its plan" in task
    assert left_out_task(["Steps Forward"], ["riverside"]) == []
