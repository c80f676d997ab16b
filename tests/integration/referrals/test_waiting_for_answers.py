"""An answer that is outstanding: time stands still, one reminder, and an end that never closes the request by itself."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.referrals import jobs
from services.referrals.tables import RequestRow
from shared.events.referrals import MoreInformationAsked
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.documents import sent, signed_on_page, triaged

Start = Callable[..., Running]
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_REFUSES_STEPS_OF = """
ALTER TABLE progress ADD CONSTRAINT stuck CHECK (request_id <> '{stuck}' OR code <> 'not_answered')
"""
MEGAN = a_person("referrer", name="Megan O'Brien")


def _row(running: Running, request_id: UUID) -> RequestRow:
    with running.database.read() as session:
        return session.get_one(RequestRow, request_id)


def _chased(running: Running, at: datetime) -> list[MoreInformationAsked]:
    running.clock.at = at
    jobs.chase_answers(running.resources, at)
    return [fact for fact in running.announced(MoreInformationAsked) if fact.is_reminder]


def _answers(running: Running, request_id: UUID) -> None:
    browser = running.browser()
    row = _row(running, request_id)
    browser.post("/referrals/follow", data={"reference": row.reference, "contact": "megan@school.example"})
    assert browser.post("/referrals/follow/information", data={"answer": "Year 4."}).status_code == 302


@pytest.mark.parametrize(
    ("outcome", "stage", "asked_for"),
    [("more_information", "information_asked", "information"), ("ask_consent", "consent_asked", "consent")],
)
def test_the_referrer_is_reminded_once_and_then_it_goes_back_to_triage(
    start: Start, outcome: str, stage: str, asked_for: str
) -> None:
    running = start("referrals", at=MONDAY)
    request_id = sent(running)
    triaged(running, request_id, outcome=outcome)
    [asked] = running.announced(MoreInformationAsked)
    assert (asked.due_on, asked.asked_for, asked.is_reminder) == (date(2026, 11, 16), asked_for, False)
    assert _chased(running, MONDAY + timedelta(days=8)) == []
    [reminder] = _chased(running, MONDAY + timedelta(days=9))
    assert (reminder.due_on, reminder.asked_for) == (asked.due_on, asked_for)
    assert len(_chased(running, MONDAY + timedelta(days=14))) == 1
    assert _row(running, request_id).stage == stage
    _chased(running, MONDAY + timedelta(days=15))
    assert _row(running, request_id).stage == "received"
    worker = running.browser(a_person("front_door"))
    assert "No answer came" in worker.get("/referrals/worklist").text
    assert "No answer came." in worker.get(f"/referrals/requests/{request_id}").text
    assert triaged(running, request_id, outcome="no_further_action", because="no_answer").status_code == 201


def test_the_time_for_a_decision_stands_still_while_an_answer_is_outstanding(start: Start) -> None:
    running = start("referrals", at=MONDAY)
    request_id = sent(running)
    running.clock.at = MONDAY + timedelta(hours=3)
    left = _row(running, request_id).triage_due_at - running.clock.at
    triaged(running, request_id, outcome="more_information")
    running.clock.at += timedelta(days=2)
    _answers(running, request_id)
    row = _row(running, request_id)
    assert (row.stage, row.triage_paused_at) == ("received", None)
    assert row.triage_due_at == running.clock.at + left


def test_consent_that_is_recorded_brings_it_back_to_triage(start: Start) -> None:
    running = start("referrals", at=MONDAY)
    request_id = sent(running)
    triaged(running, request_id, outcome="ask_consent")
    worker = running.browser(a_person("front_door"))
    worker.post(f"/referrals/requests/{request_id}/consent/answer?by=a1", data=signed_on_page())
    row = _row(running, request_id)
    assert (row.stage, row.triage_paused_at) == ("received", None)


def test_what_was_decided_anew_is_not_chased(start: Start) -> None:
    running = start("referrals", at=MONDAY)
    request_id = sent(running)
    triaged(running, request_id, outcome="more_information")
    triaged(running, request_id, outcome="signpost")
    assert _chased(running, MONDAY + timedelta(days=20)) == []
    assert _row(running, request_id).stage == "signposted"


def test_one_request_that_cannot_be_chased_does_not_hold_up_the_others(start: Start) -> None:
    running = start("referrals", at=MONDAY)
    stuck, other = sent(running), sent(running)
    for request_id in (stuck, other):
        triaged(running, request_id, outcome="more_information")
    with running.database.begin() as session:
        session.execute(sa.text(_REFUSES_STEPS_OF.format(stuck=stuck)))
    with pytest.raises(ExceptionGroup, match="not chased"):
        _chased(running, MONDAY + timedelta(days=15))
    assert (_row(running, stuck).stage, _row(running, other).stage) == ("information_asked", "received")
    with running.database.begin() as session:
        session.execute(sa.text("ALTER TABLE progress DROP CONSTRAINT stuck"))
    _chased(running, MONDAY + timedelta(days=15))
    assert _row(running, stuck).stage == "received"


def test_what_was_asked_anew_has_its_own_last_day(start: Start) -> None:
    running = start("referrals", at=MONDAY)
    request_id = sent(running)
    triaged(running, request_id, outcome="more_information")
    running.clock.at = MONDAY + timedelta(days=10)
    triaged(running, request_id, outcome="ask_consent")
    assert _chased(running, MONDAY + timedelta(days=15)) == []
    assert _row(running, request_id).stage == "consent_asked"


def test_an_answer_that_comes_late_is_kept_while_nobody_has_decided(start: Start) -> None:
    running = start("referrals", at=MONDAY)
    request_id = sent(running)
    triaged(running, request_id, outcome="more_information")
    _chased(running, MONDAY + timedelta(days=15))
    _answers(running, request_id)
    worker = running.browser(a_person("front_door"))
    page = worker.get(f"/referrals/requests/{request_id}").text
    assert "Year 4." in page
    assert "No answer came.</strong>" not in page
    assert "No answer came" not in worker.get("/referrals/worklist").text


def test_an_old_question_is_not_open_again_when_a_request_comes_back_for_another_reason(start: Start) -> None:
    running = start("referrals", at=MONDAY)
    request_id = sent(running)
    triaged(running, request_id, outcome="more_information")
    triaged(running, request_id)
    answer = signed_on_page(answer="refused")
    running.browser(a_person("front_door")).post(f"/referrals/requests/{request_id}/consent/answer?by=a1", data=answer)
    row = _row(running, request_id)
    assert row.stage == "received"
    browser = running.browser()
    browser.post("/referrals/follow", data={"reference": row.reference, "contact": "megan@school.example"})
    assert browser.post("/referrals/follow/information", data={"answer": "Year 4."}).status_code == 409


def test_a_second_question_that_was_answered_takes_the_mark_of_the_first_away(start: Start) -> None:
    running = start("referrals", at=MONDAY)
    request_id = sent(running)
    triaged(running, request_id, outcome="more_information")
    _chased(running, MONDAY + timedelta(days=15))
    triaged(running, request_id, outcome="more_information")
    _answers(running, request_id)
    assert "No answer came" not in running.browser(a_person("front_door")).get("/referrals/worklist").text
