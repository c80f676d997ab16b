"""Recording who is there, quickly, and correcting it."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.panel.tables import AttendanceRow
from shared.identity import Person
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def recorded(sitting: Sitting) -> dict[UUID, str]:
    with sitting.running.database.read() as session:
        return {row.person_id: row.presence for row in session.scalars(sa.select(AttendanceRow))}


def shown(page: str, person: Person) -> str:
    """Return what the page has chosen for a person."""
    [box] = re.findall(rf'<select[^>]*id="presence-{person.person_id}".*?</select>', page, re.DOTALL)
    [chosen] = re.findall(r'value="(\w*)" selected', box)
    return str(chosen)


def test_everybody_is_recorded_as_there_in_one_press(sitting: Sitting) -> None:
    meeting_id = sitting.opened(sitting.next_meeting())
    browser = sitting.running.browser(sitting.coordinator)
    pressed = browser.post(f"/panel/meetings/{meeting_id}/meeting/attendance", data={"everybody": "yes"})
    assert pressed.location == f"/panel/meetings/{meeting_id}/meeting"
    seated = (sitting.chair, sitting.deputy, sitting.coordinator, sitting.member)
    assert recorded(sitting) == {person.person_id: "present" for person in seated}


def test_that_the_statement_was_read_out_is_said_with_who_is_there_and_counts_for_each_of_them(
    sitting: Sitting,
) -> None:
    meeting_id = sitting.opened(sitting.next_meeting())
    browser = sitting.running.browser(sitting.coordinator)
    address = f"/panel/meetings/{meeting_id}/meeting/attendance"
    assert "What is said here about a family is confidential" in browser.get(address).text
    browser.post(address, data={"everybody": "yes"})
    assert "4 not told of confidentiality" in browser.get(f"/panel/meetings/{meeting_id}/meeting").text
    browser.post(address, data={"everybody": "yes", "read_out": "yes"})
    page = browser.get(f"/panel/meetings/{meeting_id}/meeting").text
    assert "Everybody there knows the confidentiality statement" in page


def test_the_page_takes_those_not_recorded_yet_to_be_there_and_groups_them_by_agency(sitting: Sitting) -> None:
    meeting_id = sitting.opened(sitting.next_meeting())
    page = sitting.running.browser(sitting.chair).get(f"/panel/meetings/{meeting_id}/meeting/attendance").text
    assert shown(page, sitting.member) == "present"
    assert page.count("<legend") == 2, "the statement, and one agency"
    assert "Riverside Housing</legend>" in page
    assert 'type="radio"' not in page
    assert sitting.member.person_id not in recorded(sitting)


def test_who_is_not_there_is_changed_and_can_be_corrected_later(sitting: Sitting) -> None:
    meeting_id = sitting.opened(sitting.next_meeting())
    browser = sitting.running.browser(sitting.coordinator)
    address = f"/panel/meetings/{meeting_id}/meeting/attendance"
    seated = (sitting.chair, sitting.deputy, sitting.coordinator, sitting.member)
    typed = {f"presence-{person.person_id}": "present" for person in seated}
    typed[f"presence-{sitting.member.person_id}"] = "apologies"
    assert browser.post(address, data=typed).status_code == 302
    assert shown(browser.get(address).text, sitting.member) == "apologies"
    assert "3 of 4 there" in browser.get(f"/panel/meetings/{meeting_id}/meeting").text
    assert browser.post(address, data={f"presence-{sitting.member.person_id}": "substitute"}).status_code == 302
    assert recorded(sitting)[sitting.member.person_id] == "substitute"


def test_a_presence_that_there_is_not_is_refused_beside_its_person(sitting: Sitting) -> None:
    meeting_id = sitting.opened(sitting.next_meeting())
    name = f"presence-{sitting.member.person_id}"
    browser = sitting.running.browser(sitting.coordinator)
    answer = browser.post(f"/panel/meetings/{meeting_id}/meeting/attendance", data={name: "asleep"})
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert f'href="#{name}"' in answer.text
