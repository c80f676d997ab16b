"""What the chair or the coordinator arranges by hand: a family put off or sent back, a meeting given more places."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from services.panel.tables import ArrangementRow, MeetingRow
from shared.audit import audit
from shared.events.panel import RequestCarriedOverAgain, RequestPlaced, RequestSentBack, RequestUnplaced
from tests.integration.conftest import Running
from tests.integration.panel.asking import asks, comes, entry, items, meetings, next_meeting, set_places
from tests.integration.panel.sitting import Sitting


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def test_a_family_is_put_off_to_a_later_meeting_with_its_other_request_and_the_place_goes_to_who_waits(
    sitting: Sitting,
) -> None:
    running = sitting.running
    set_places(running, 1)
    first = asks(running, urgency="urgent")
    sibling = asks(running, family_id=first.family_id)
    now_on, later = meetings(running)[0], meetings(running)[2]
    waiting = asks(running)
    set_places_at(sitting, meetings(running)[1].id, 0)
    answer = put_off(sitting, first.request_id, later)
    assert answer.status_code == 302
    assert {one.request_id for one in items(running, later.id)} == {first.request_id, sibling.request_id}
    assert placed_at(sitting, now_on.id) == {waiting.request_id}
    moved = [fact for fact in running.announced(RequestPlaced) if fact.request_id == first.request_id][-1]
    assert (moved.held_on, moved.instead_of, moved.times_carried) == (later.held_on, now_on.held_on, 0)
    page = running.browser(sitting.coordinator).get(f"/panel/queue/requests/{first.request_id}").text
    assert "Their teacher is away." in page
    assert "Cal Coordinator" in page
    assert [line.did for line in audited(sitting, first.request_id)].count("put_off") == 1


def test_a_family_that_is_put_off_has_its_turn_where_a_place_becomes_free_on_that_day(sitting: Sitting) -> None:
    running = sitting.running
    set_places(running, 1)
    urgent = asks(running, urgency="urgent")
    others = [asks(running, received_on=date(2026, 10, day)) for day in (1, 2, 3)]
    days = meetings(running)[:4]
    assert put_off(sitting, urgent.request_id, days[2]).status_code == 302
    assert [placed_at(sitting, day.id) for day in days] == [
        {one.request_id} for one in (others[0], others[1], urgent, others[2])
    ]
    told = [fact for fact in running.announced(RequestPlaced) if fact.request_id == urgent.request_id]
    assert [(fact.held_on, fact.instead_of) for fact in told[1:]] == [(days[2].held_on, days[0].held_on)]


def test_a_family_that_is_put_off_where_no_meeting_has_room_waits_and_its_referrer_is_to_be_told(
    sitting: Sitting,
) -> None:
    running = sitting.running
    fact = asks(running)
    own, later = meetings(running)[:2]
    set_places(running, 0)
    assert put_off(sitting, fact.request_id, later).status_code == 302
    (lost,) = running.announced(RequestUnplaced)
    assert (lost.request_id, lost.meeting_id, lost.held_on) == (fact.request_id, own.id, own.held_on)
    (waits,) = sitting.get(sitting.coordinator, "/queue?place=without")["queue"]
    assert (waits["reference"], waits["not_before"]) == (fact.reference, later.held_on.isoformat())


def test_on_a_closed_agenda_a_family_that_is_put_off_keeps_its_number_and_is_heard_later(sitting: Sitting) -> None:
    running = sitting.running
    facts = [asks(running, received_on=date(2026, 10, day)) for day in (1, 2, 3)]
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)
    later = next_meeting(running)
    put_off(sitting, facts[1].request_id, later, by="chair")
    assert [(one.number, one.state) for one in items(running, meeting.id)] == [
        (1, "placed"),
        (2, "removed"),
        (3, "placed"),
    ]
    assert placed_at(sitting, later.id) == {facts[1].request_id}
    page = running.browser(sitting.member).get(f"/panel/meetings/{meeting.id}").text
    assert "Put off to a later meeting." in page
    assert "Their teacher is away." in page


def test_who_put_a_family_off_a_moment_later_is_told_and_keeps_what_they_typed(sitting: Sitting) -> None:
    running = sitting.running
    fact = asks(running)
    seen = entry(running, fact.request_id).id
    later = meetings(running)[1:3]
    put_off(sitting, fact.request_id, later[0])
    answer = put_off(sitting, fact.request_id, later[1], entry_id=seen)
    assert answer.status_code == 409
    assert "Somebody has moved this family meanwhile" in answer.text
    assert "Their teacher is away." in answer.text
    assert placed_at(sitting, later[0].id) == {fact.request_id}


def test_what_was_typed_comes_back_though_the_family_waits_no_more(sitting: Sitting) -> None:
    fact = asks(sitting.running)
    seen, later = entry(sitting.running, fact.request_id).id, meetings(sitting.running)[1]
    send_back(sitting, fact.request_id)
    answer = put_off(sitting, fact.request_id, later, entry_id=seen)
    assert answer.status_code == 404
    assert "Their teacher is away." in answer.text


def test_a_family_is_put_off_only_to_a_later_meeting_and_with_a_reason(sitting: Sitting) -> None:
    running = sitting.running
    fact = asks(running)
    own = next_meeting(running)
    assert put_off(sitting, fact.request_id, own).status_code == 422
    without = put_off(sitting, fact.request_id, meetings(running)[1], reason=" ")
    assert without.status_code == 422
    assert "Enter the reason" in without.text
    api = sitting.post(
        sitting.coordinator,
        f"/queue/{fact.request_id}/putting-off",
        {"entry_id": str(uuid4()), "not_before": own.held_on.isoformat(), "reason": "x"},
        409,
    )
    assert "moved this family" in api["detail"]


def test_nobody_but_who_leads_the_panel_arranges_anything(sitting: Sitting) -> None:
    fact = asks(sitting.running)
    meeting = next_meeting(sitting.running)
    member = sitting.running.browser(sitting.member)
    assert member.get(f"/panel/queue/requests/{fact.request_id}").status_code == 403
    assert put_off(sitting, fact.request_id, meetings(sitting.running)[1], by="member").status_code == 403
    assert send_back(sitting, fact.request_id, by="member").status_code == 403
    more = {"more": "1", "seen": "8", "reason": "x"}
    assert member.post(f"/panel/meetings/{meeting.id}/places", data=more).status_code == 403
    elsewhere = asks(sitting.running, panel_key="step-down", kind="step_down")
    browser = sitting.running.browser(sitting.coordinator)
    assert browser.get(f"/panel/queue/requests/{elsewhere.request_id}").status_code == 404


def test_once_the_meeting_sits_nobody_is_moved_by_hand(sitting: Sitting) -> None:
    fact = asks(sitting.running)
    sitting.opened(sitting.next_meeting())
    later = next_meeting(sitting.running)
    answer = put_off(sitting, fact.request_id, later)
    assert answer.status_code == 409
    assert "Record a decision about the family there" in answer.text
    assert send_back(sitting, fact.request_id).status_code == 409


def test_a_request_that_is_sent_back_is_announced_and_waits_nowhere_until_it_comes_again(sitting: Sitting) -> None:
    running = sitting.running
    fact = asks(running)
    assert send_back(sitting, fact.request_id, by="chair").status_code == 302
    (told,) = running.announced(RequestSentBack)
    assert (told.request_id, told.because) == (fact.request_id, "another_panel")
    assert "Their teacher is away." not in str(told)
    assert entry(running, fact.request_id).state == "left"
    running.clock.at += timedelta(minutes=1)
    running.hears(fact)
    assert entry(running, fact.request_id).state == "placed"


def test_a_meeting_is_given_more_places_with_a_reason_and_who_waits_takes_them(sitting: Sitting) -> None:
    running = sitting.running
    set_places(running, 0)
    facts = [asks(running) for _ in range(3)]
    meeting = next_meeting(running)
    chair = running.browser(sitting.chair)
    assert (
        "3 families wait for a later meeting or have none yet" in chair.get(f"/panel/meetings/{meeting.id}/places").text
    )
    answer = chair.post(
        f"/panel/meetings/{meeting.id}/places", data={"more": "2", "seen": "0", "reason": "We sit longer."}
    )
    assert answer.status_code == 302
    assert len(placed_at(sitting, meeting.id)) == 2
    assert placed_at(sitting, meeting.id) < {fact.request_id for fact in facts}
    late = chair.post(f"/panel/meetings/{meeting.id}/places", data={"more": "1", "seen": "0", "reason": "Too late."})
    assert late.status_code == 409
    assert "there are 2 now" in late.text
    with running.database.read() as session:
        (kept,) = session.scalars(sa.select(ArrangementRow))
    assert (kept.places, kept.reason, kept.arranged_by) == (2, "We sit longer.", sitting.chair.person_id)


@pytest.mark.parametrize(("more", "status"), [("0", 422), ("51", 422), ("-1", 422), ("two", 422), ("", 422)])
def test_a_number_of_places_that_is_none_is_refused(sitting: Sitting, more: str, status: int) -> None:
    meeting = next_meeting(sitting.running)
    answer = sitting.running.browser(sitting.coordinator).post(
        f"/panel/meetings/{meeting.id}/places", data={"more": more, "seen": str(meeting.places), "reason": "x"}
    )
    assert answer.status_code == status
    assert next_meeting(sitting.running).places == meeting.places


def test_when_a_second_meeting_does_not_hear_a_family_whoever_leads_the_panel_is_alerted(sitting: Sitting) -> None:
    running = sitting.running
    request_id = sitting.asks()
    for _ in range(2):
        meeting = sitting.opened(sitting.next_meeting())
        assert running.announced(RequestCarriedOverAgain) == []
        sitting.decides(sitting.item_at(request_id, meeting), "carry_over")
    (alert,) = running.announced(RequestCarriedOverAgain)
    leaders = {person.person_id for person in (sitting.chair, sitting.deputy, sitting.coordinator)}
    assert (alert.request_id, alert.times_carried, set(alert.leader_ids)) == (request_id, 2, leaders)
    page = running.browser(sitting.coordinator).get("/panel/queue").text
    assert "1 family was carried over" in page
    assert "Carried over twice" in page


def put_off(
    sitting: Sitting, request_id: UUID, meeting: MeetingRow, *, by: str = "coordinator", **typed: Any
) -> TestResponse:
    """Put a family off as a person of the panel; `typed` changes what the form says."""
    form = {
        "entry_id": entry(sitting.running, request_id).id,
        "not_before": meeting.held_on.isoformat(),
        "reason": "Their teacher is away.",
    }
    browser = sitting.running.browser(getattr(sitting, by))
    return browser.post(f"/panel/queue/requests/{request_id}/putting-off", data=form | typed)


def send_back(sitting: Sitting, request_id: UUID, *, by: str = "coordinator") -> TestResponse:
    """Send a request back to the front door as a person of the panel."""
    form = {
        "entry_id": entry(sitting.running, request_id).id,
        "because": "another_panel",
        "reason": "Their teacher is away.",
    }
    browser = sitting.running.browser(getattr(sitting, by))
    return browser.post(f"/panel/queue/requests/{request_id}/sending-back", data=form)


def placed_at(sitting: Sitting, meeting_id: UUID) -> set[UUID]:
    """Return the requests that have a place at a meeting."""
    return {one.request_id for one in items(sitting.running, meeting_id) if one.state == "placed"}


def set_places_at(sitting: Sitting, meeting_id: UUID, places: int) -> None:
    """Give one meeting this many places."""
    with sitting.running.database.begin() as session:
        session.execute(sa.update(MeetingRow).where(MeetingRow.id == meeting_id).values(places=places))


def audited(sitting: Sitting, request_id: UUID) -> list[sa.Row[tuple[str]]]:
    """Return what the audit says of a request."""
    with sitting.running.database.read() as session:
        return list(session.execute(sa.select(audit.c.did).where(audit.c.subject_id == str(request_id))))
