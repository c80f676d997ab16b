"""Who may see which meeting, which paper, and when; and what the pages show."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from services.panel.jobs.papers import fetch_papers
from services.panel.tables import ConflictRow
from shared.audit import audit
from shared.identity import Person
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.panel.asking import asks, comes, items, meetings, next_meeting
from tests.integration.panel.sitting import Sitting

Start = Callable[..., Running]


class Circulated:
    """A meeting whose agenda has closed with one family on it."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.sitting = Sitting(running)
        self.fact = asks(running)
        self.meeting = next_meeting(running)
        comes(running, self.meeting.agenda_closes_at)
        (item,) = items(running, self.meeting.id)
        self.item_id: UUID = item.id
        self.agenda = f"/panel/meetings/{self.meeting.id}"
        self.paper = f"{self.agenda}/papers/{self.item_id}"

    def status(self, person: Person, path: str) -> int:
        return self.running.browser(person).get(path).status_code

    def declare_conflict(self, person: Person) -> None:
        with self.running.database.begin() as session:
            session.add(
                ConflictRow(
                    agenda_item_id=self.item_id,
                    person_id=person.person_id,
                    nature="Knows the family",
                    declared_at=self.running.clock.at,
                )
            )


@pytest.mark.parametrize("role", ["panel_member", "coordinator"])
def test_who_has_no_seat_at_the_panel_learns_of_neither_meeting_nor_paper(start: Start, role: str) -> None:
    there = Circulated(start("panel"))
    stranger = a_person(role)
    paths = [
        there.agenda,
        there.paper,
        f"{there.agenda}/pack.pdf",
        f"{there.agenda}/invitation.ics",
        "/panel/panels/ehap",
    ]
    assert [there.status(stranger, path) for path in paths] == [404] * 5
    assert there.fact.reference not in there.running.browser(stranger).get("/panel/meetings").text


def test_other_roles_are_not_let_in_at_all(start: Start) -> None:
    there = Circulated(start("panel"))
    for role in ("referrer", "front_door", "agency_manager", "lead_practitioner", "information_officer"):
        assert [there.status(a_person(role), path) for path in (there.agenda, there.paper)] == [403, 403]
    assert there.running.browser().get(there.paper).status_code == 302


def test_a_seat_without_the_role_is_not_enough(start: Start) -> None:
    there = Circulated(start("panel"))
    former = a_person("referrer", person_id=there.sitting.member.person_id)
    assert there.status(former, there.paper) == 403


def test_an_administrator_sees_the_dates_but_no_family(start: Start) -> None:
    there = Circulated(start("panel"))
    administrator = a_person("administrator")
    page = there.running.browser(administrator).get(there.agenda)
    assert page.status_code == 200
    assert there.fact.reference not in page.text
    assert there.status(administrator, there.paper) == 403
    both = a_person("administrator", "panel_member")
    assert [there.status(both, path) for path in (there.paper, f"{there.agenda}/pack.pdf")] == [404, 404]


def test_members_read_papers_from_the_closing_until_14_days_after_the_meeting(start: Start) -> None:
    there = Circulated(start("panel"))
    there.running.clock.at = there.meeting.starts_at + timedelta(days=14)
    assert there.status(there.sitting.member, there.paper) == 200
    there.running.clock.at += timedelta(days=1)
    assert there.status(there.sitting.member, there.paper) == 404
    assert there.status(there.sitting.member, f"{there.agenda}/pack.pdf") == 404
    page = there.running.browser(there.sitting.member).get(there.agenda).text
    assert "Improved family relationships" not in page


def test_before_the_closing_only_who_prepares_the_meeting_sees_the_families(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    fact = asks(running)
    path = f"/panel/meetings/{next_meeting(running).id}"
    coordinator = running.browser(sitting.coordinator).get(path).text
    assert fact.reference in coordinator
    assert "Paper being fetched" in coordinator
    fetch_papers(running.resources)
    assert "Improved family relationships" in running.browser(sitting.chair).get(path).text
    assert fact.reference not in running.browser(sitting.member).get(path).text
    assert running.browser(sitting.member).get(f"{path}/pack.pdf").status_code == 404
    (item,) = items(running, next_meeting(running).id)
    assert running.browser(sitting.chair).get(f"{path}/papers/{item.id}").status_code == 404


def test_a_member_with_a_conflict_has_neither_the_paper_nor_its_part_of_the_pack(start: Start) -> None:
    there = Circulated(start("panel"))
    there.declare_conflict(there.sitting.member)
    browser = there.running.browser(there.sitting.member)
    assert browser.get(there.paper).status_code == 404
    page = browser.get(there.agenda).text
    assert "You declared a conflict" in page
    assert "Improved family relationships" not in page
    assert there.status(there.sitting.chair, there.paper) == 200


def test_a_paper_of_another_meeting_is_not_found_under_this_one(start: Start) -> None:
    there = Circulated(start("panel"))
    other = meetings(there.running)[1]
    assert there.status(there.sitting.member, f"/panel/meetings/{other.id}/papers/{there.item_id}") == 404
    assert there.status(there.sitting.member, f"{there.agenda}/papers/{uuid4()}") == 404


def test_a_paper_shows_people_boxes_and_level_and_hides_the_address(start: Start) -> None:
    there = Circulated(start("panel"))
    page = there.running.browser(there.sitting.member).get(there.paper).text
    for text in ("Siobhán Price", "Jo Price", "They talk.", "They shout.", "A course.", "Level 3: More than one need"):
        assert text in page
    assert "Address not disclosed" in page
    assert "Larkfield" not in page


def test_the_audit_has_who_read_agenda_paper_and_pack(start: Start) -> None:
    there = Circulated(start("panel"))
    browser = there.running.browser(there.sitting.member)
    for path in (there.agenda, there.paper, f"{there.agenda}/pack.pdf"):
        browser.get(path)
    with there.running.database.read() as session:
        rows = session.execute(
            sa.select(audit.c.did, audit.c.subject_id).where(audit.c.who == str(there.sitting.member.person_id))
        ).all()
    assert [tuple(row) for row in rows] == [
        ("read_agenda", str(there.meeting.id)),
        ("read_paper", str(there.fact.request_id)),
        ("read_pack", str(there.meeting.id)),
    ]


def test_the_invitation_has_londons_half_past_nine_in_winter_and_in_summer(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    browser = running.browser(sitting.member)
    for meeting, offset in ((meetings(running)[0], 0), (meetings(running)[-1], 1)):
        answer = browser.get(f"/panel/meetings/{meeting.id}/invitation.ics")
        (event,) = Calendar.from_ical(answer.data).events
        assert isinstance(event.start, datetime)
        assert (event.start.hour, event.start.minute) == (9, 30)
        assert event.start.utcoffset() == timedelta(hours=offset)
        assert event["uid"] == f"meeting-{meeting.id}@127.0.0.1"


def test_each_page_can_be_opened_by_those_it_is_for(start: Start) -> None:
    there = Circulated(start("panel"))
    for person in (there.sitting.chair, there.sitting.coordinator, there.sitting.member, a_person("administrator")):
        for path in ("/panel/meetings", "/panel/calendar", "/panel/panels/ehap", there.agenda):
            answer = there.running.browser(person).get(path)
            assert answer.status_code == 200
            assert answer.text.count("<h1") == 1


@pytest.mark.parametrize(
    ("role", "where"),
    [
        ("panel_member", "/panel/meetings"),
        ("administrator", "/panel/meetings"),
        ("agency_manager", "/panel/allocations"),
        ("lead_practitioner", "/panel/plans"),
    ],
)
def test_home_leads_to_what_a_role_comes_for(start: Start, role: str, where: str) -> None:
    assert start("panel").browser(a_person(role)).get("/panel/").location == where


def test_a_coordinator_adds_a_seat_on_the_page_and_frees_it_again(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    browser = running.browser(sitting.coordinator)
    wrong = browser.post("/panel/panels/ehap/seats", data={"seat": "chair", "agency_id": str(sitting.agency_id)})
    assert wrong.status_code == 422
    assert "Only a member&#39;s seat can wait" in wrong.text
    assert f'value="{sitting.agency_id}" selected' in wrong.text
    typed = {"seat": "member", "agency_id": str(sitting.agency_id), "person_id": str(sitting.manager.person_id)}
    assert browser.post("/panel/panels/ehap/seats", data=typed).status_code == 302
    assert "Max Manager" in browser.get("/panel/panels/ehap").text
    assert running.browser(sitting.member).post("/panel/panels/ehap/seats", data=typed).status_code == 403
    seats = sitting.post(sitting.coordinator, "/panels/ehap/seats", [typed])["seats"]
    assert [seat["person_name"] for seat in seats].count("Max Manager") == 1


def test_a_seat_that_is_freed_waits_for_its_agency_and_a_second_click_is_told(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    with running.database.read() as session:
        seat_id = session.scalar(sa.text("SELECT id FROM seat WHERE person_id = :id"), {"id": sitting.member.person_id})
    browser = running.browser(sitting.coordinator)
    seen = {"seen": str(sitting.member.person_id)}
    assert browser.post(f"/panel/panels/ehap/seats/{seat_id}/freeing", data=seen).status_code == 302
    assert "To be named" in browser.get("/panel/panels/ehap").text
    assert browser.post(f"/panel/panels/ehap/seats/{seat_id}/freeing", data=seen).status_code == 409


def test_the_api_gives_meetings_and_agendas_to_those_with_a_seat(start: Start) -> None:
    there = Circulated(start("panel"))
    sitting, path = there.sitting, f"/meetings/{there.meeting.id}"
    panels = sitting.get(sitting.member, "/panels")["panels"]
    assert [panel["key"] for panel in panels] == ["ehap"]
    found = sitting.get(sitting.member, "/meetings?from=2026-11-01&to=2026-11-30")["meetings"]
    assert [one["held_on"] for one in found] == ["2026-11-12", "2026-11-26"]
    (item,) = sitting.get(sitting.member, f"{path}/agenda")["items"]
    assert (item["number"], item["level"]["label"], item["paper"]) == (
        1,
        "More than one need, more than one agency",
        "ready",
    )
    assert sitting.get(sitting.member, path)["state"] == "agenda_closed"
    for at in (path, f"{path}/agenda", f"{path}/invitation.ics"):
        sitting.get(a_person("panel_member"), at, 404)
    sitting.get(sitting.member, "/meetings?from=31-02-2026", 422)


def test_a_browsers_cookie_opens_no_json_route(start: Start) -> None:
    there = Circulated(start("panel"))
    assert there.running.browser(there.sitting.member).get("/panel/api/v1/meetings").status_code == 401
