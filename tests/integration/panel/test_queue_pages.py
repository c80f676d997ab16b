"""The pages of who waits: page by page, panel by panel, and what an agenda says of its places."""

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.panel.tables import PanelRow, QueueEntryRow, SeatRow
from tests.integration.conftest import Running
from tests.integration.panel.asking import asks, next_meeting, set_places
from tests.integration.panel.sitting import Sitting

PAGE = 60


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def also_coordinates(sitting: Sitting, key: str) -> None:
    with sitting.running.database.begin() as session:
        panel = session.scalars(sa.select(PanelRow).where(PanelRow.key == key)).one()
        session.add(SeatRow(panel_id=panel.id, person_id=sitting.coordinator.person_id, seat="coordinator"))


def test_a_page_beyond_the_last_leads_to_the_last(sitting: Sitting) -> None:
    for _ in range(PAGE + 1):
        asks(sitting.running)
    browser = sitting.running.browser(sitting.coordinator)
    answer = browser.get("/panel/queue?page=99")
    assert answer.location == "/panel/queue?page=2"
    assert f"{PAGE + 1} to {PAGE + 1} of {PAGE + 1} requests" in browser.get(answer.location).text


def test_the_queue_of_one_panel_stays_chosen_from_page_to_page(sitting: Sitting) -> None:
    also_coordinates(sitting, "step-down")
    for _ in range(PAGE + 1):
        asks(sitting.running)
    elsewhere = asks(sitting.running, panel_key="step-down", kind="step_down")
    browser = sitting.running.browser(sitting.coordinator)
    assert f"of {PAGE + 2} requests" in browser.get("/panel/queue").text
    page = browser.get("/panel/queue?panel=ehap").text
    assert f"of {PAGE + 1} requests" in page
    assert elsewhere.reference not in page
    [following] = re.findall(r'href="(/panel/queue[^"]+)" rel="next"', page)
    assert "panel=ehap" in following
    assert "page=2" in following
    assert elsewhere.reference in browser.get("/panel/queue?panel=step-down").text


def test_a_panel_that_the_coordinator_does_not_run_is_not_in_their_queue(sitting: Sitting) -> None:
    elsewhere = asks(sitting.running, panel_key="step-down", kind="step_down")
    browser = sitting.running.browser(sitting.coordinator)
    assert elsewhere.reference not in browser.get("/panel/queue?panel=step-down").text


def test_an_agenda_says_how_many_places_are_taken_and_who_has_none(sitting: Sitting) -> None:
    set_places(sitting.running, 1)
    for _ in range(40):
        asks(sitting.running)
    meeting = next_meeting(sitting.running)
    page = sitting.running.browser(sitting.coordinator).get(f"/panel/meetings/{meeting.id}").text
    assert "1 of 1 taken, full" in page
    assert re.search(r"\d+ families have no place", page)
    assert "/panel/queue?panel=ehap&amp;place=without" in page
    chair = sitting.running.browser(sitting.chair).get(f"/panel/meetings/{meeting.id}").text
    assert "families have no place" in chair
    assert "families have no place" in sitting.running.browser(sitting.chair).get("/panel/meetings").text
    member = sitting.running.browser(sitting.member).get(f"/panel/meetings/{meeting.id}").text
    assert "1 of 1 taken" in member
    assert "no place" not in member


def test_requests_of_one_family_are_said_to_be_of_one_family(sitting: Sitting) -> None:
    family_id = uuid4()
    first, _, second = (asks(sitting.running, family_id=one) for one in (family_id, uuid4(), family_id))
    page = sitting.running.browser(sitting.coordinator).get(f"/panel/meetings/{next_meeting(sitting.running).id}").text
    assert page.count("Same family as item") == 1
    start, end = sorted(page.index(one.reference) for one in (first, second))
    assert page[start:end].count("<tr") == 1


def test_the_queue_is_read_in_the_order_in_which_places_are_taken_and_one_familys_requests_stand_together(
    sitting: Sitting,
) -> None:
    set_places(sitting.running, 0)
    family_id = uuid4()
    young = asks(sitting.running, received_on=date(2026, 10, 30))
    sibling = asks(sitting.running, received_on=date(2026, 11, 1), family_id=family_id)
    old = asks(sitting.running, received_on=date(2026, 10, 1))
    urgent = asks(sitting.running, urgency="urgent", received_on=date(2026, 11, 1), family_id=family_id)
    twice = asks(sitting.running, received_on=date(2026, 10, 30))
    carried(sitting, twice.request_id, 2)
    rows = sitting.get(sitting.coordinator, "/queue")["queue"]
    expected = [urgent, sibling, old, twice, young]
    assert [row["reference"] for row in rows] == [one.reference for one in expected]
    assert [row["families_ahead"] for row in rows] == [0, 0, 1, 2, 3]
    page = sitting.running.browser(sitting.coordinator).get("/panel/queue").text
    places = [page.index(one.reference) for one in expected]
    assert places == sorted(places)
    assert f"Same family as {urgent.reference}" in page
    assert "Carried over twice" in page


def test_the_queue_can_be_narrowed_and_places_in_line_stay_as_they_are(sitting: Sitting) -> None:
    set_places(sitting.running, 0)
    urgent, routine = asks(sitting.running, urgency="urgent"), asks(sitting.running)
    carried(sitting, routine.request_id, 2)
    found = {
        narrowed: [
            (row["reference"], row["families_ahead"])
            for row in sitting.get(sitting.chair, f"/queue?{narrowed}")["queue"]
        ]
        for narrowed in ("urgency=urgent", "carried_too_often=true", "place=without", "place=with", "why=declined")
    }
    first, second = (urgent.reference, 0), (routine.reference, 1)
    assert found == {
        "urgency=urgent": [first],
        "carried_too_often=true": [second],
        "place=without": [first, second],
        "place=with": [],
        "why=declined": [],
    }
    page = sitting.running.browser(sitting.coordinator).get("/panel/queue?why=declined").text
    assert "No request fits" in page


def test_where_every_planned_meeting_is_full_the_queue_says_so_and_about_when_a_family_would_be_heard(
    sitting: Sitting,
) -> None:
    set_places(sitting.running, 0)
    asks(sitting.running)
    page = sitting.running.browser(sitting.coordinator).get("/panel/queue").text
    assert "no planned meeting has room; the last one planned is on" in page
    assert re.search(r"0 families before this one; about \w+ 20\d\d as things stand", page)
    set_places(sitting.running, 8)
    assert "8 of 8 places free" in sitting.running.browser(sitting.coordinator).get("/panel/queue").text


def test_the_chair_and_deputy_read_the_queue_and_a_member_does_not(sitting: Sitting) -> None:
    fact = asks(sitting.running)
    for leader in (sitting.chair, sitting.deputy):
        assert fact.reference in sitting.running.browser(leader).get("/panel/queue").text
    assert sitting.running.browser(sitting.member).get("/panel/queue").status_code == 403
    assert sitting.get(sitting.member, "/queue")["queue"] == []


def carried(sitting: Sitting, request_id: UUID, times: int) -> None:
    with sitting.running.database.begin() as session:
        changed = sa.update(QueueEntryRow).where(QueueEntryRow.request_id == request_id)
        session.execute(changed.values(times_carried=times, why="carried_over"))
