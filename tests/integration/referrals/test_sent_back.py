"""A panel gives a request back: triage decides about it anew, and whoever follows it reads so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.referrals.jobs import start_time
from services.referrals.tables import RequestRow
from shared.events.panel import RequestSentBack
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.documents import sent, triaged

Start = Callable[..., Running]


def _row(running: Running, request_id: UUID) -> RequestRow:
    with running.database.read() as session:
        return session.get_one(RequestRow, request_id)


def _sent_back(running: Running, request_id: UUID) -> RequestSentBack:
    row, at = _row(running, request_id), running.clock.at
    return RequestSentBack(row.id, row.family_id, row.reference, because="another_panel", sent_back_at=at)


def test_a_request_that_its_panel_sent_back_is_at_triage_with_the_reason(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    version = _row(running, request_id).version
    running.hears(_sent_back(running, request_id))
    row = _row(running, request_id)
    assert (row.stage, row.version) == ("received", version + 1)
    front_door = running.browser(a_person("front_door"))
    page = front_door.get(f"/referrals/requests/{request_id}").text
    assert "Sent back by the panel: another panel should hear it" in page
    assert row.reference in front_door.get("/referrals/worklist").text


def test_what_was_decided_anew_is_not_undone_by_a_late_message_of_the_panel(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    late = _sent_back(running, request_id)
    running.clock.at += timedelta(minutes=1)
    assert triaged(running, request_id, outcome="safeguarding").status_code == 201
    running.hears(late)
    assert _row(running, request_id).stage == "safeguarding"


def test_a_request_that_was_sent_back_can_be_decided_about_again(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    running.hears(_sent_back(running, request_id))
    running.clock.at += timedelta(minutes=1)
    assert triaged(running, request_id).status_code == 201
    assert _row(running, request_id).stage == "at_panel"


def test_the_time_for_a_decision_begins_anew_when_a_request_comes_back(start: Start) -> None:
    running = start("referrals", at=datetime(2026, 11, 2, 9, 0, tzinfo=UTC))
    request_id = sent(running)
    triaged(running, request_id)
    running.clock.at = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    running.hears(_sent_back(running, request_id))
    assert start_time(running.resources)
    assert not start_time(running.resources), "once is enough"
    row = _row(running, request_id)
    assert (row.triage_due_at, row.triage_paused_at) == (datetime(2026, 11, 24, 17, 0, tzinfo=UTC), None)
    worklist = running.browser(a_person("front_door")).get("/referrals/worklist").text
    assert row.reference in worklist
    assert "Late" not in worklist.split("<table", 1)[1]
