"""An agenda closes at its cut-off, once, with the papers as they were at that moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from services.panel.actions.agenda import AgendaMoved, close_agenda
from services.panel.jobs.agendas import close_agendas
from services.panel.jobs.papers import fetch_papers
from services.panel.tables import CirculationRow, MeetingRow, PaperWantedRow
from shared.events.panel import PapersCirculated
from tests.integration.conftest import Running
from tests.integration.panel.asking import (
    asks,
    comes,
    has_paper,
    items,
    meetings,
    next_meeting,
    references,
)
from tests.integration.panel.sitting import Sitting

Start = Callable[..., Running]


def state_of(running: Running, meeting: MeetingRow) -> str:
    with running.database.read() as session:
        return session.get_one(MeetingRow, meeting.id).state


def circulated(running: Running, meeting: MeetingRow) -> list[PapersCirculated]:
    return [fact for fact in running.announced(PapersCirculated) if fact.meeting_id == meeting.id]


def pack_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_an_agenda_stays_open_until_its_cut_off_and_closes_then_by_itself(start: Start) -> None:
    running = start("panel")
    asks(running)
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at - timedelta(minutes=5))
    assert state_of(running, meeting) == "planned"
    comes(running, meeting.agenda_closes_at)
    assert state_of(running, meeting) == "agenda_closed"


def test_families_are_numbered_by_urgency_then_wait_with_siblings_together(start: Start) -> None:
    running = start("panel")
    young = asks(running, received_on=date(2026, 10, 30))
    old = asks(running, received_on=date(2026, 10, 1))
    urgent = asks(running, urgency="urgent")
    sibling = asks(running, family_id=urgent.family_id, received_on=date(2026, 11, 1))
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)
    expected = [urgent.reference, sibling.reference, old.reference, young.reference]
    assert references(running, meeting.id) == expected


def test_papers_are_circulated_once_to_everybody_with_a_seat_though_the_job_runs_twice(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    asks(running)
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)
    comes(running, meeting.agenda_closes_at + timedelta(minutes=5))
    (fact,) = circulated(running, meeting)
    members = {person.person_id for person in (sitting.chair, sitting.deputy, sitting.member, sitting.coordinator)}
    assert (fact.meeting_id, fact.items, set(fact.member_ids), fact.sequence) == (meeting.id, 1, members, 1)


def test_two_closers_at_once_close_once(start: Start) -> None:
    running = start("panel")
    for _ in range(4):
        asks(running)
    meeting = next_meeting(running)
    running.clock.at = meeting.agenda_closes_at
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: close_agendas(running.resources, meeting.agenda_closes_at), range(2)))
    assert len(circulated(running, meeting)) == 1
    assert [item.number for item in items(running, meeting.id)] == [1, 2, 3, 4]
    with running.database.read() as session:
        assert (
            session.scalar(
                sa.select(sa.func.count()).select_from(CirculationRow).where(CirculationRow.meeting_id == meeting.id)
            )
            == 1
        )


def test_a_meeting_without_families_circulates_too(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)
    (fact,) = circulated(running, meeting)
    assert fact.items == 0
    page = running.browser(sitting.member).get(f"/panel/meetings/{meeting.id}")
    assert "No families" in page.text
    pack = running.browser(sitting.member).get(f"/panel/meetings/{meeting.id}/pack.pdf")
    assert "No family is on this agenda" in pack_text(pack.data)


def test_the_paper_that_goes_out_is_the_one_of_the_closing_not_an_earlier_one(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    fact = asks(running)
    fetch_papers(running.resources)
    has_paper(running, fact, worried_about="Said on the last day.")
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)
    (item,) = items(running, meeting.id)
    page = running.browser(sitting.member).get(f"/panel/meetings/{meeting.id}/papers/{item.id}").text
    assert "Said on the last day." in page
    assert "They shout." not in page


def test_a_paper_that_changes_after_the_closing_stays_as_it_was_circulated(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    fact = asks(running)
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)
    has_paper(running, fact, worried_about="Changed afterwards.")
    running.hears(fact)
    fetch_papers(running.resources)
    (item,) = items(running, meeting.id)
    member = running.browser(sitting.member)
    page = member.get(f"/panel/meetings/{meeting.id}/papers/{item.id}").text
    pack = pack_text(member.get(f"/panel/meetings/{meeting.id}/pack.pdf").data)
    for text in (page, pack):
        assert "They shout." in text
        assert "Changed afterwards." not in text


def test_while_the_front_door_is_away_the_agenda_stays_open_says_so_and_closes_later(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    asks(running)
    meeting = next_meeting(running)
    running.neighbours.is_away = True
    comes(running, meeting.agenda_closes_at)
    assert state_of(running, meeting) == "planned"
    assert (
        "Papers could not be fetched" in running.browser(sitting.coordinator).get(f"/panel/meetings/{meeting.id}").text
    )
    late = asks(running)
    running.neighbours.is_away = False
    comes(running, meeting.agenda_closes_at + timedelta(minutes=5))
    assert state_of(running, meeting) == "agenda_closed"
    assert late.reference not in references(running, meeting.id)
    assert late.request_id in {item.request_id for item in items(running, meetings(running)[1].id)}


def test_one_meeting_that_cannot_close_does_not_hold_up_another(start: Start) -> None:
    running = start("panel")
    stuck = asks(running, panel_key="step-down")
    running.neighbours.answers[("referrals", f"/requests/{stuck.request_id}/paper")] = {
        "children": [{"date_of_birth": "?"}]
    }
    asks(running)
    comes(running, next_meeting(running).agenda_closes_at)
    assert meetings(running)[0].state == "agenda_closed"
    assert meetings(running, "step-down")[0].state == "planned"


def test_a_request_that_the_front_door_no_longer_has_goes_with_the_paper_that_was_kept_or_none(start: Start) -> None:
    running = start("panel")
    kept, never = asks(running, received_on=date(2026, 10, 1)), asks(running, received_on=date(2026, 10, 2))
    fetch_papers(running.resources)
    fetch_papers(running.resources)
    running.neighbours.answers.clear()
    with running.database.begin() as session:
        session.execute(sa.text("DELETE FROM paper WHERE request_id = :id"), {"id": never.request_id})
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)
    with_paper = {item.request_id: item.paper_id is not None for item in items(running, meeting.id)}
    assert with_paper == {kept.request_id: True, never.request_id: False}


def test_somebody_who_comes_on_while_papers_are_fetched_is_never_closed_in_without_one(start: Start) -> None:
    running = start("panel")
    asks(running)
    meeting = next_meeting(running)
    now = running.clock.at
    with pytest.raises(AgendaMoved), running.database.begin() as session:
        close_agenda(session, meeting.id, {}, asked_at=now, authority=running.resources.authority, now=now)
    assert state_of(running, meeting) == "planned"


def test_the_pack_is_tagged_bookmarked_and_shows_no_address_that_is_not_to_be_disclosed(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    facts = [asks(running), asks(running)]
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)
    answer = running.browser(sitting.chair).get(f"/panel/meetings/{meeting.id}/pack.pdf")
    reader = PdfReader(BytesIO(answer.data))
    assert answer.mimetype == "application/pdf"
    assert len(reader.pages) >= 3
    assert b"/Marked true" in answer.data
    titles = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert titles[0] == "Early Help Allocation Panel"
    assert len(titles) == 3
    text = pack_text(answer.data)
    assert all(fact.reference in text for fact in facts)
    assert "Address not disclosed" in text
    assert "OFFICIAL-SENSITIVE" in text
    assert "Larkfield" not in text


def test_a_paper_wanted_is_settled_by_the_closing(start: Start) -> None:
    running = start("panel")
    fact = asks(running)
    comes(running, next_meeting(running).agenda_closes_at)
    with running.database.read() as session:
        assert session.get(PaperWantedRow, fact.request_id) is None


def test_seats_are_filled_by_the_api_and_sending_them_again_changes_nothing(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    agency = str(uuid4())
    rows = [
        {"person_id": str(uuid4()), "agency_id": agency, "seat": "deputy"},
        {"person_id": None, "agency_id": agency, "seat": "member"},
    ]
    before = len(sitting.post(sitting.coordinator, "/panels/ehap/seats", rows)["seats"])
    assert len(sitting.post(sitting.coordinator, "/panels/ehap/seats", rows)["seats"]) == before
    named = [{"person_id": str(uuid4()), "agency_id": agency, "seat": "member"}]
    assert len(sitting.post(sitting.coordinator, "/panels/ehap/seats", named)["seats"]) == before
    wrong = sitting.post(
        sitting.coordinator, "/panels/ehap/seats", [{"person_id": None, "agency_id": agency, "seat": "chair"}], 422
    )
    assert wrong["errors"][0]["pointer"] == "/0/person_id"
    sitting.post(sitting.coordinator, "/panels/step-down/seats", named, 404)
    sitting.post(sitting.member, "/panels/ehap/seats", named, 403)
