"""One meeting moved, cancelled or added by hand: families, calendars and the nightly planning, through the doors."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.panel.jobs.agendas import close_agendas
from services.panel.jobs.calendar import plan_meetings
from services.panel.tables import MeetingRow, PanelRow, QueueEntryRow, SeatRow
from shared.authority import Profile
from shared.authority.profile import Version
from shared.events.panel import InvitationsWithdrawn, MeetingCancelled, MembersInvited, RequestPlaced, RequestUnplaced
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.panel.asking import asks
from tests.integration.panel.sitting import Sitting

FIRST = date(2026, 11, 12)
Start = Callable[..., Running]


def test_a_moved_meeting_keeps_its_families_and_the_night_leaves_it_where_it_is(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting = first_meeting(sitting)
    before = len(meetings(sitting))
    moved = sitting.post(sitting.coordinator, f"/meetings/{meeting.id}/move", move(meeting), 200)
    assert (moved["held_on"], moved["planned_on"], moved["families"]) == ("2026-11-17", "2026-11-12", 1)
    assert moved["agenda_closes_at"] == "2026-11-13T16:30:00+00:00", "the last Friday before the new day"
    plan_meetings(sitting.running.resources, sitting.running.clock.at)
    after = meetings(sitting)
    assert len(after) == before
    assert after[0].held_on == date(2026, 11, 17)
    assert after[0].starts_at == datetime(2026, 11, 17, 14, tzinfo=UTC)
    placed = sitting.running.announced(RequestPlaced)[-1]
    assert (placed.request_id, placed.held_on, placed.instead_of) == (request_id, date(2026, 11, 17), FIRST)


def test_a_family_that_is_not_to_be_heard_before_a_day_does_not_come_forward_with_its_meeting(sitting: Sitting) -> None:
    request_id = sitting.asks()
    with sitting.running.database.begin() as session:
        session.execute(sa.update(QueueEntryRow).values(not_before=FIRST))
    meeting = first_meeting(sitting)
    body = move(meeting) | {"held_on": "2026-11-10"}
    assert sitting.post(sitting.coordinator, f"/meetings/{meeting.id}/move", body, 200)["families"] == 0
    placed = sitting.running.announced(RequestPlaced)[-1]
    assert (placed.request_id, placed.held_on) == (request_id, date(2026, 11, 26))


def test_everybody_with_a_seat_is_told_of_a_move_with_a_higher_sequence(sitting: Sitting) -> None:
    night(sitting)
    meeting = first_meeting(sitting)
    first = [fact for fact in sitting.running.announced(MembersInvited) if fact.meeting_id == meeting.id]
    sitting.post(sitting.coordinator, f"/meetings/{meeting.id}/move", move(meeting), 200)
    changed = [fact for fact in sitting.running.announced(MembersInvited) if fact.meeting_id == meeting.id][-1]
    assert set(changed.member_ids) == set(first[0].member_ids) == seated(sitting)
    assert changed.sequence > first[0].sequence
    assert changed.was_starts_at == meeting.starts_at
    assert first[0].was_starts_at is None


def test_people_are_invited_eight_weeks_ahead_and_once(sitting: Sitting) -> None:
    night(sitting)
    invited = sitting.running.announced(MembersInvited)
    assert {fact.starts_at.date() for fact in invited} == {date(2026, 11, 12), date(2026, 11, 26), date(2026, 12, 10)}
    night(sitting)
    assert len(sitting.running.announced(MembersInvited)) == len(invited)
    sitting.running.clock.at += timedelta(weeks=4)
    night(sitting)
    new = sitting.running.announced(MembersInvited)[len(invited) :]
    assert {fact.starts_at.date() for fact in new} == {date(2027, 1, 7), date(2027, 1, 21)}, "and none on 24 December"


def test_whoever_takes_a_seat_is_invited_and_whoever_leaves_it_hears_that_they_need_not_come(sitting: Sitting) -> None:
    night(sitting)
    before = len(sitting.running.announced(MembersInvited))
    newcomer = a_person("panel_member", agency_id=sitting.agency_id)
    body = [
        {
            "seat": "member",
            "agency_id": str(sitting.agency_id),
            "person_id": str(newcomer.person_id),
            "role": "health visiting",
        }
    ]
    seats = sitting.post(sitting.coordinator, "/panels/ehap/seats", body)["seats"]
    assert "health visiting" in [seat["role"] for seat in seats]
    new = sitting.running.announced(MembersInvited)[before:]
    assert [fact.member_ids for fact in new] == [(newcomer.person_id,)] * 3
    browser = sitting.running.browser(sitting.coordinator)
    seat_id = seat_of(sitting, newcomer.person_id)
    seen = {"seen": str(newcomer.person_id)}
    assert browser.post(f"/panel/panels/ehap/seats/{seat_id}/freeing", data=seen).status_code == 302
    gone = sitting.running.announced(InvitationsWithdrawn)
    assert [fact.member_ids for fact in gone] == [(newcomer.person_id,)] * 3
    assert all(one.sequence > fact.sequence for one, fact in zip(gone, new, strict=True))
    assert "health visiting" in browser.get("/panel/panels/ehap").get_data(as_text=True), "the seat is to be named"


def test_families_of_a_cancelled_meeting_go_to_the_next_with_room_before_others(sitting: Sitting) -> None:
    night(sitting)
    request_id = sitting.asks()
    meeting = first_meeting(sitting)
    answer = sitting.post(sitting.coordinator, f"/meetings/{meeting.id}/cancellation", change(meeting), 200)
    assert answer["state"] == "cancelled"
    placed = sitting.running.announced(RequestPlaced)[-1]
    assert (placed.request_id, placed.held_on, placed.times_carried) == (request_id, date(2026, 11, 26), 1)
    (cancelled,) = sitting.running.announced(MeetingCancelled)
    assert set(cancelled.member_ids) == set(cancelled.invited_ids) == seated(sitting)
    assert sitting.running.announced(RequestUnplaced) == []
    night(sitting)
    assert FIRST not in [row.held_on for row in meetings(sitting)], "the night does not make its date anew"


def test_a_family_for_whom_no_other_meeting_has_room_waits_and_its_referrer_is_told(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting = first_meeting(sitting)
    with sitting.running.database.begin() as session:
        session.execute(sa.update(MeetingRow).where(MeetingRow.id != meeting.id).values(places=0))
    sitting.post(sitting.coordinator, f"/meetings/{meeting.id}/cancellation", change(meeting), 200)
    (unplaced,) = sitting.running.announced(RequestUnplaced)
    assert (unplaced.request_id, unplaced.held_on) == (request_id, FIRST)
    with sitting.running.database.read() as session:
        entry = session.scalars(sa.select(QueueEntryRow).where(QueueEntryRow.request_id == request_id)).one()
        assert (entry.state, entry.why, entry.times_carried) == ("waiting", "carried_over", 1)


def test_an_extra_meeting_takes_those_who_wait_and_is_never_planned_away(sitting: Sitting) -> None:
    with sitting.running.database.begin() as session:
        session.execute(sa.update(MeetingRow).values(places=0))
    request_id = sitting.asks()
    made = sitting.post(sitting.coordinator, "/panels/ehap/meetings", extra())
    assert (made["planned_on"], made["families"]) == (None, 1)
    assert sitting.running.announced(RequestPlaced)[-1].request_id == request_id
    invited = [fact for fact in sitting.running.announced(MembersInvited) if str(fact.meeting_id) == made["meeting_id"]]
    assert [set(fact.member_ids) for fact in invited] == [seated(sitting)]
    night(sitting)
    assert date(2026, 11, 18) in [row.held_on for row in meetings(sitting)]


def test_an_extra_meeting_takes_the_urgent_from_a_later_one(sitting: Sitting) -> None:
    with sitting.running.database.begin() as session:
        session.execute(sa.update(MeetingRow).values(places=1))
    for urgency in ("routine", "routine", "urgent"):
        urgent = asks(sitting.running, urgency=urgency)
    made = sitting.post(sitting.coordinator, "/panels/ehap/meetings", extra() | {"places": 1})
    assert made["families"] == 1
    moved = sitting.running.announced(RequestPlaced)[-1]
    assert (moved.request_id, moved.held_on, moved.instead_of) == (
        urgent.request_id,
        date(2026, 11, 18),
        date(2026, 12, 10),
    )


def test_an_agenda_that_has_closed_moves_only_when_that_is_confirmed_and_stays_closed(sitting: Sitting) -> None:
    sitting.asks()
    meeting = first_meeting(sitting)
    sitting.running.clock.at = meeting.agenda_closes_at
    close_agendas(sitting.running.resources, meeting.agenda_closes_at)
    meeting = first_meeting(sitting)
    refused = sitting.post(sitting.coordinator, f"/meetings/{meeting.id}/move", move(meeting), 422)
    assert "is_confirmed" in str(refused)
    body = move(meeting) | {"is_confirmed": True}
    moved = sitting.post(sitting.coordinator, f"/meetings/{meeting.id}/move", body, 200)
    assert (moved["state"], moved["held_on"]) == ("agenda_closed", "2026-11-17")
    assert moved["agenda_closes_at"] == "2026-11-06T16:30:00+00:00"


def test_of_two_people_who_change_a_meeting_the_second_is_told(sitting: Sitting) -> None:
    meeting = first_meeting(sitting)
    sitting.post(sitting.coordinator, f"/meetings/{meeting.id}/move", move(meeting), 200)
    later = move(meeting) | {"held_on": "2026-11-19"}
    refused = sitting.post(sitting.coordinator, f"/meetings/{meeting.id}/move", later, 409)
    assert "Somebody has changed this meeting" in refused["detail"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"held_on": "2026-11-21"}, "working day"),
        ({"held_on": "2026-12-25"}, "working day"),
        ({"held_on": "2026-11-26"}, "on this day already"),
        ({"held_on": "2026-10-29"}, "in the future"),
        ({"held_on": "2029-06-01"}, "within two years"),
        ({"held_on": "2026-11-03"}, "would have closed already"),
        ({"agenda_closes_at": "2026-11-17T15:00:00+00:00"}, "close before the meeting"),
        ({"agenda_closes_at": "2026-11-01T15:00:00+00:00"}, "close in the future"),
        ({"video_link": "http://meet.example"}, "https://"),
        ({"minutes": 5}, "from 15 to 600"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(sitting: Sitting, wrong: dict[str, Any], said: str) -> None:
    meeting = first_meeting(sitting)
    refused = sitting.post(sitting.coordinator, f"/meetings/{meeting.id}/move", move(meeting) | wrong, 422)
    assert said in str(refused)


def test_only_the_coordinator_and_an_administrator_change_meetings(sitting: Sitting) -> None:
    meeting = first_meeting(sitting)
    path = f"/meetings/{meeting.id}/move"
    sitting.post(sitting.chair, path, move(meeting), 403)
    sitting.post(a_person("coordinator"), path, move(meeting), 404)
    sitting.post(a_person("administrator"), path, move(meeting), 200)


def test_a_page_keeps_what_was_typed_and_says_beside_each_box_what_is_wrong(sitting: Sitting) -> None:
    meeting = first_meeting(sitting)
    browser = sitting.running.browser(sitting.coordinator)
    form = {
        "held_on-day": "21",
        "held_on-month": "11",
        "held_on-year": "2026",
        "starts": "2pm",
        "minutes": "120",
        "place": "Guildhall, Bath",
        "video_link": "",
        "places": "12",
        "because": "The room is flooded",
        "seen": str(meeting.sequence),
    }
    refused = browser.post(f"/panel/meetings/{meeting.id}/moving", data=form)
    assert refused.status_code == 422
    text = refused.get_data(as_text=True)
    assert "must be on a working day" in text
    assert 'value="Guildhall, Bath"' in text
    kept = browser.post(f"/panel/meetings/{meeting.id}/moving", data=form | {"held_on-day": "17"})
    assert kept.status_code == 302
    page = browser.get("/panel/calendar?month=2026-11").get_data(as_text=True)
    assert "Instead of" in page
    assert "The room is flooded" in page


def test_what_is_missing_is_said_in_the_order_of_the_page(sitting: Sitting) -> None:
    browser = sitting.running.browser(sitting.coordinator)
    page = browser.post("/panel/panels/ehap/meetings/new", data={}).get_data(as_text=True)
    assert page.count("<title>Error: Add a meeting") == 1
    assert page.index('href="#held_on-day"') < page.index('href="#places"') < page.index('href="#because"')


def test_a_panel_that_leaves_the_profile_keeps_only_meetings_with_families(sitting: Sitting) -> None:
    night(sitting)
    sitting.asks()
    resources = sitting.running.resources
    newest = resources.profile.newest
    without = replace(newest, panels=tuple(panel for panel in newest.panels if panel.key != "ehap"))
    sitting.running.resources = replace(resources, profile=Profile((Version(date(2020, 1, 1), without),)))
    night(sitting)
    assert [row.held_on for row in meetings(sitting)] == [FIRST]
    told = sitting.running.announced(MeetingCancelled)
    assert {fact.starts_at.date() for fact in told} == {date(2026, 11, 26), date(2026, 12, 10)}
    browser = sitting.running.browser(sitting.coordinator)
    assert "no longer have this panel" in browser.get("/panel/panels/ehap").get_data(as_text=True)
    sitting.post(sitting.coordinator, "/panels/ehap/meetings", extra(), 409)
    sitting.running.resources = resources
    night(sitting)
    assert date(2026, 11, 26) in [row.held_on for row in meetings(sitting)], "a panel that comes back meets again"


def test_a_place_that_the_profile_changes_goes_to_calendars_that_have_the_old_one(sitting: Sitting) -> None:
    night(sitting)
    resources = sitting.running.resources
    newest = resources.profile.newest
    panels = tuple(replace(panel, place="Guildhall, Bath") for panel in newest.panels)
    sitting.running.resources = replace(
        resources, profile=Profile((Version(date(2020, 1, 1), replace(newest, panels=panels)),))
    )
    before = len(sitting.running.announced(MembersInvited))
    night(sitting)
    changed = [fact for fact in sitting.running.announced(MembersInvited)[before:] if fact.member_ids]
    assert {(fact.place, fact.was_starts_at == fact.starts_at) for fact in changed} == {("Guildhall, Bath", True)}


def night(sitting: Sitting) -> None:
    plan_meetings(sitting.running.resources, sitting.running.clock.at)


def meetings(sitting: Sitting) -> list[MeetingRow]:
    with sitting.running.database.read() as session:
        return list(
            session.scalars(
                sa.select(MeetingRow)
                .join(PanelRow)
                .where(PanelRow.key == "ehap", MeetingRow.state != "cancelled")
                .order_by(MeetingRow.held_on)
            )
        )


def first_meeting(sitting: Sitting) -> MeetingRow:
    return meetings(sitting)[0]


def seated(sitting: Sitting) -> set[UUID]:
    return {one.person_id for one in (sitting.chair, sitting.deputy, sitting.coordinator, sitting.member)}


def seat_of(sitting: Sitting, person_id: UUID) -> UUID:
    with sitting.running.database.read() as session:
        return session.scalars(sa.select(SeatRow.id).where(SeatRow.person_id == person_id)).one()


def change(meeting: MeetingRow) -> dict[str, Any]:
    return {"because": "The room is flooded", "sequence": meeting.sequence}


def extra() -> dict[str, Any]:
    return {
        "held_on": "2026-11-18",
        "starts": "14:00:00",
        "minutes": 120,
        "place": "Guildhall, Bath",
        "places": 12,
        "because": "More families than places",
    }


def move(meeting: MeetingRow) -> dict[str, Any]:
    return extra() | change(meeting) | {"held_on": "2026-11-17"}


@pytest.fixture
def sitting(start: Start) -> Sitting:
    """Give a panel with its people, four days before the first cut-off."""
    return Sitting(start("panel"))
