"""Opening a meeting, who is there, conflicts, and its end."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from services.panel.tables import AgendaItemRow, AttendanceRow, MeetingRow, QueueEntryRow
from shared.audit import audit
from shared.events.panel import DecisionMade, RequestPlaced
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def test_a_meeting_is_opened_once_and_the_audit_knows_who_did(sitting: Sitting) -> None:
    meeting_id = sitting.opened(sitting.next_meeting())
    body = {"chaired_by": str(sitting.deputy.person_id), "notes_by": str(sitting.coordinator.person_id)}
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/open", body, 409)
    with sitting.running.database.read() as session:
        meeting = session.get_one(MeetingRow, meeting_id)
        assert (meeting.state, meeting.chaired_by) == ("in_session", sitting.chair.person_id)
        [opened_by] = session.execute(sa.select(audit.c.who).where(audit.c.did == "opened_meeting")).scalars()
        assert opened_by == str(sitting.chair.person_id)


def test_who_chairs_does_not_take_the_notes(sitting: Sitting) -> None:
    meeting_id = sitting.next_meeting()
    same = {"chaired_by": str(sitting.chair.person_id), "notes_by": str(sitting.chair.person_id)}
    problem = sitting.post(sitting.chair, f"/meetings/{meeting_id}/open", same, 422)
    assert problem["errors"][0]["pointer"] == "/notes_by"


def test_a_member_cannot_run_the_meeting_and_a_stranger_does_not_know_of_it(sitting: Sitting) -> None:
    meeting_id = sitting.next_meeting()
    assert sitting.running.browser(sitting.member).get(f"/panel/meetings/{meeting_id}/meeting").status_code == 403
    elsewhere = Sitting(sitting.running, panel_key="step-down")
    assert sitting.running.browser(elsewhere.chair).get(f"/panel/meetings/{meeting_id}/meeting").status_code == 404
    assert sitting.running.browser(sitting.manager).get(f"/panel/meetings/{meeting_id}/meeting").status_code == 403


def test_the_page_opens_the_meeting_and_goes_on_to_attendance(sitting: Sitting) -> None:
    meeting_id = sitting.next_meeting()
    browser = sitting.running.browser(sitting.coordinator)
    address = f"/panel/meetings/{meeting_id}/meeting"
    assert "Ana Chair" in browser.get(address).text
    typed = {"chaired_by": str(sitting.chair.person_id), "notes_by": str(sitting.coordinator.person_id)}
    answer = browser.post(f"{address}/opening", data=typed)
    assert answer.headers["Location"] == f"{address}/attendance"
    assert browser.get(f"{address}/attendance").status_code == 200
    assert "No family is on the agenda" in browser.get(address).text


def test_attendance_of_every_seat_is_recorded_and_corrected(sitting: Sitting) -> None:
    meeting_id = sitting.opened(sitting.next_meeting())
    browser = sitting.running.browser(sitting.coordinator)
    name = f"presence-{sitting.member.person_id}"
    for presence in ("apologies", "substitute"):
        answer = browser.post(f"/panel/meetings/{meeting_id}/meeting/attendance", data={name: presence})
        assert answer.status_code == 302
    with sitting.running.database.read() as session:
        rows = {row.person_id: row.presence for row in session.scalars(sa.select(AttendanceRow))}
    assert rows[sitting.member.person_id] == "substitute"
    assert rows[sitting.chair.person_id] == rows[sitting.coordinator.person_id] == "present"


def test_nobody_without_a_seat_attends(sitting: Sitting) -> None:
    meeting_id = sitting.opened(sitting.next_meeting())
    stranger = [{"person_id": str(sitting.manager.person_id), "presence": "present"}]
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/attendance", stranger, 422)
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/attendance", [], 204)


def test_a_member_declares_a_conflict_and_the_paper_is_closed_to_them(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting_id = sitting.next_meeting()
    item_id = sitting.item_at(request_id, meeting_id)
    browser = sitting.running.browser(sitting.member)
    paper = f"/panel/meetings/{meeting_id}/papers/{item_id}"
    assert browser.get(paper).status_code == 200
    address = f"/panel/meetings/{meeting_id}/meeting/items/{item_id}/conflict"
    assert browser.get(address).status_code == 200
    typed = {"person_id": str(sitting.member.person_id), "nature": "They are neighbours"}
    assert browser.post(address, data=typed).status_code == 302
    assert browser.get(paper).status_code == 404
    assert browser.post(address, data=typed).status_code == 409


def test_a_member_does_not_declare_for_somebody_else(sitting: Sitting) -> None:
    request_id = sitting.asks()
    item_id = sitting.item_at(request_id, sitting.next_meeting())
    declared = {"person_id": str(sitting.chair.person_id), "nature": "They are neighbours"}
    sitting.post(sitting.member, f"/items/{item_id}/conflicts", declared, 403)
    sitting.post(sitting.coordinator, f"/items/{item_id}/conflicts", declared, 204)


def test_what_was_not_heard_is_carried_over_with_the_reason(sitting: Sitting) -> None:
    heard, not_heard = sitting.asks(), sitting.asks()
    meeting_id = sitting.opened(sitting.next_meeting())
    sitting.decides(sitting.item_at(heard, meeting_id), "signpost")
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {}, 422)
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {"not_heard_because": "capacity"}, 200)
    with sitting.running.database.read() as session:
        item = session.get_one(AgendaItemRow, sitting.item_at(not_heard, meeting_id))
        assert (item.state, item.why_not_heard) == ("carried_over", "capacity")
        entry = session.scalars(sa.select(QueueEntryRow).where(QueueEntryRow.state == "placed")).one()
        assert (entry.request_id, entry.times_carried, entry.why) == (not_heard, 1, "carried_over")
    assert [made.outcome for made in sitting.running.announced(DecisionMade)] == ["signpost", "carry_over"]
    assert sitting.running.announced(RequestPlaced)[-1].times_carried == 1


def test_a_meeting_ends_once(sitting: Sitting) -> None:
    meeting_id = sitting.opened(sitting.next_meeting())
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {}, 200)
    sitting.post(sitting.coordinator, f"/meetings/{meeting_id}/end", {}, 409)


def test_the_page_says_who_will_be_carried_over_before_it_ends_the_meeting(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting_id = sitting.opened(sitting.next_meeting())
    browser = sitting.running.browser(sitting.coordinator)
    assert "First: item 1" in browser.get(f"/panel/meetings/{meeting_id}/meeting").text
    address = f"/panel/meetings/{meeting_id}/meeting/end"
    assert sitting.item(request_id).reference in browser.get(address).text
    answer = browser.post(address, data={})
    assert answer.status_code == 422
    assert "Select why not every family was heard" in answer.text
    answer = browser.post(address, data={"not_heard_because": "capacity"})
    assert answer.headers["Location"] == f"/panel/meetings/{meeting_id}/minutes"
