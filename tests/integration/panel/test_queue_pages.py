"""The pages of who waits: page by page, panel by panel, and what an agenda says of its places."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
import sqlalchemy as sa

from services.panel.tables import PanelRow, SeatRow
from tests.integration.conftest import Running
from tests.integration.panel.asking import asks, next_meeting, set_places
from tests.integration.panel.sitting import Sitting

PAGE = 50


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
    assert f"51 requests, {PAGE + 1} to {PAGE + 1}" in browser.get(answer.location).text


def test_the_queue_of_one_panel_stays_chosen_from_page_to_page(sitting: Sitting) -> None:
    also_coordinates(sitting, "step-down")
    for _ in range(PAGE + 1):
        asks(sitting.running)
    elsewhere = asks(sitting.running, panel_key="step-down", kind="step_down")
    browser = sitting.running.browser(sitting.coordinator)
    assert f"{PAGE + 2} requests" in browser.get("/panel/queue").text
    page = browser.get("/panel/queue?panel=ehap").text
    assert f"{PAGE + 1} requests" in page
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
    assert re.search(r"\d+ requests</span> of this panel have no place", page)
    assert "/panel/queue?panel=ehap" in page
    chair = sitting.running.browser(sitting.chair).get(f"/panel/meetings/{meeting.id}").text
    assert "of this panel have no place" in chair
    assert "/panel/queue" not in chair.partition("<main")[2]
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
