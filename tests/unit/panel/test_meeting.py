"""Who runs a meeting, and when it can be opened."""

from datetime import date
from uuid import uuid4

import pytest

from services.panel.rules import meeting as rules
from shared.errors import Conflict, Forbidden, Invalid, NotFound

CHAIR, NOTES, MEMBER = uuid4(), uuid4(), uuid4()


@pytest.mark.parametrize("seat", ["chair", "deputy", "coordinator"])
def test_chair_deputy_and_coordinator_run_a_meeting(seat: str) -> None:
    rules.check_may_run({seat})


def test_a_member_does_not_run_it_and_a_stranger_does_not_know_of_it() -> None:
    with pytest.raises(Forbidden):
        rules.check_may_run({"member"})
    with pytest.raises(NotFound):
        rules.check_may_run(set())


def test_a_meeting_opens_on_its_day() -> None:
    rules.check_opening("agenda_closed", held_on=date(2026, 11, 12), today=date(2026, 11, 12))
    with pytest.raises(Conflict, match="Thursday 12 November 2026"):
        rules.check_opening("agenda_closed", held_on=date(2026, 11, 12), today=date(2026, 11, 11))


@pytest.mark.parametrize("state", ["planned", "in_session", "ended", "cancelled"])
def test_a_meeting_opens_once_and_after_its_agenda_closed(state: str) -> None:
    with pytest.raises(Conflict):
        rules.check_opening(state, held_on=date(2026, 11, 12), today=date(2026, 11, 12))


def test_chair_and_note_taker_are_two_people() -> None:
    people = {CHAIR, NOTES, MEMBER}
    rules.check_chair_and_notes(CHAIR, NOTES, may_chair={CHAIR}, seated=people)
    with pytest.raises(Invalid) as refusal:
        rules.check_chair_and_notes(CHAIR, CHAIR, may_chair={CHAIR}, seated=people)
    assert list(refusal.value.errors) == ["notes_by"]


def test_a_member_does_not_chair_and_a_stranger_takes_no_notes() -> None:
    with pytest.raises(Invalid) as refusal:
        rules.check_chair_and_notes(MEMBER, uuid4(), may_chair={CHAIR}, seated={CHAIR, MEMBER})
    assert set(refusal.value.errors) == {"chaired_by", "notes_by"}
