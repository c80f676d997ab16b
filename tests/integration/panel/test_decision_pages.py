"""The page on which a decision is recorded: the family's needs first, services that fit, and what was asked for."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.panel.rules.fit import ALL, OTHER
from shared.audit import audit
from shared.events.directory import ServiceChanged
from shared.london import london_date
from shared.working_days import working_days_after
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def an_item(sitting: Sitting) -> str:
    request_id = sitting.asks()
    return str(sitting.item_at(request_id, sitting.opened(sitting.next_meeting())))


def page_of(sitting: Sitting, item_id: str, outcome: str = "allocate") -> str:
    return sitting.running.browser(sitting.chair).get(f"/panel/items/{item_id}/decision?outcome={outcome}").text


def test_the_needs_of_the_request_come_first_and_are_ticked(sitting: Sitting) -> None:
    boxes = re.findall(r'name="needs" type="checkbox" value="(\w+)"( checked)?', page_of(sitting, an_item(sitting)))
    assert boxes[0] == ("5", " checked")
    assert len(boxes) == 10
    assert [code for code, ticked in boxes if ticked] == ["5"]


def test_services_that_meet_the_needs_come_before_the_others(sitting: Sitting) -> None:
    sitting.running.hears(ServiceChanged(uuid4(), sitting.agency_id, "Budgeting", is_open=True, needs=("10",)))
    page = page_of(sitting, an_item(sitting))
    groups = dict(re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', page, re.DOTALL))
    assert "Parenting course" in groups[ALL]
    assert "Budgeting" in groups[OTHER]
    assert "Budgeting" not in groups[ALL]
    assert "Holiday club" not in "".join(groups.values())


def test_what_was_asked_for_stands_beside_the_form_and_its_reading_is_on_record(sitting: Sitting) -> None:
    item_id = an_item(sitting)
    page = page_of(sitting, item_id)
    assert "What was asked for" in page
    assert "A course." in page
    assert f"/papers/{item_id}" in page
    with sitting.running.database.read() as session:
        readers = session.scalars(sa.select(audit.c.who).where(audit.c.did == "read_paper")).all()
    assert readers == [str(sitting.chair.person_id)]


def test_a_paper_that_is_open_no_more_is_not_shown_beside_a_correction(sitting: Sitting) -> None:
    item_id = an_item(sitting)
    sitting.decides(UUID(item_id), "signpost")
    sitting.running.clock.at += timedelta(days=30)
    page = page_of(sitting, item_id, "signpost")
    assert "The paper is not open to you" in page
    assert "A course." not in page


def test_a_correction_starts_from_what_it_corrects(sitting: Sitting) -> None:
    item_id = an_item(sitting)
    told: dict[str, Any] = {
        "where": "The library",
        "told_by": "The school",
        "reasons": "It is near.",
        "dissent": "The GP",
        "dissent_by": [str(sitting.member.person_id)],
        "agreed_outside": "The school rang before",
        "children": [{"child_ref": "c1", "outcome": "not_accepted", "note": "She is well"}],
    }
    sitting.decides(UUID(item_id), "signpost", **told, actions=[sitting.action()])
    page = page_of(sitting, item_id, "signpost")
    for text in (
        "The library",
        "The school",
        "It is near.",
        "The GP",
        "Ring the school",
        "The school rang before",
        "She is well",
    ):
        assert text in page.partition("<form")[2]
    other = page_of(sitting, item_id, "not_accepted").partition("What is the referrer told?")[2]
    assert "It is near." not in other


def test_nothing_typed_is_lost_when_something_is_missing(sitting: Sitting) -> None:
    item_id = an_item(sitting)
    typed = {"needs": ["1", "9"], "reasons": "They know the school.", "service_id": ""}
    answer = sitting.running.browser(sitting.chair).post(
        f"/panel/items/{item_id}/decision?outcome=allocate", data=typed
    )
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert 'href="#service_id"' in answer.text
    assert "They know the school." in answer.text
    ticked = re.findall(r'name="needs" type="checkbox" value="(\w+)" checked', answer.text)
    assert sorted(ticked) == ["1", "9"]


def test_what_is_missing_from_an_action_is_said_with_all_else_that_is_missing(sitting: Sitting) -> None:
    typed = {"reasons": "", "action_1_what": "Ring the school", "action_2_due_on-day": "3", "action_3_what": "  "}
    browser = sitting.running.browser(sitting.chair)
    page = browser.post(f"/panel/items/{an_item(sitting)}/decision?outcome=signpost", data=typed).text
    summary = page.split("govuk-error-summary__list")[1].split("</ul>")[0]
    wrong = re.findall(r'href="#([\w-]+)"', summary)
    assert {"reasons", "action_1_agency", "action_1_due_on-day", "action_2_what", "action_2_agency"} <= set(wrong)
    assert not [name for name in wrong if name.startswith("action_3")]


def test_what_differs_for_a_child_is_recorded_from_the_page(sitting: Sitting) -> None:
    item_id = an_item(sitting)
    assert "Siobhán (9)" in page_of(sitting, item_id, "signpost")
    typed = {"where": "The library", "told_by": "The school", "reasons": "It is near.", "child_1_level": "2"}
    browser = sitting.running.browser(sitting.chair)
    answer = browser.post(f"/panel/items/{item_id}/decision?outcome=signpost", data=typed)
    assert answer.status_code == 422
    assert 'href="#child_1_note"' in answer.text
    typed["child_1_note"] = "She manages at school."
    assert browser.post(f"/panel/items/{item_id}/decision?outcome=signpost", data=typed).status_code == 302
    page = page_of(sitting, item_id, "signpost")
    assert "Level 2 (bathnes 2024). She manages at school." in page


def test_a_family_that_comes_back_has_nothing_decided_for_one_child(sitting: Sitting) -> None:
    assert "child_1_outcome" not in page_of(sitting, an_item(sitting), "more_information")


def test_how_busy_a_service_is_stands_beside_the_choice_and_a_closed_one_says_so(sitting: Sitting) -> None:
    first, second = sitting.asks(), sitting.asks()
    meeting_id = sitting.opened(sitting.next_meeting())
    sitting.decides(sitting.item_at(first, meeting_id), "allocate")
    page = page_of(sitting, str(sitting.item_at(second, meeting_id)))
    loads = re.findall(
        r"(\w[\w ]+) \((?:Steps Forward|Riverside Housing)\)(.*?)</tr>", page.split("How busy", 2)[2], re.S
    )
    by_name = {name: re.findall(r"app-number[^>]*>(\d+)<", rest) for name, rest in loads}
    assert by_name["Parenting course"] == ["1", "0"]
    assert by_name["Tenancy support"] == ["0", "0"]
    assert "Closed to new families" in dict(loads)["Holiday club"]


def test_within_how_many_days_a_service_accepts_stands_beside_the_choice_once_it_accepted_three(
    sitting: Sitting,
) -> None:
    *offered, waits = [sitting.asks() for _ in range(4)]
    meeting_id = sitting.opened(sitting.next_meeting())
    offers = [sitting.decides(sitting.item_at(one, meeting_id), "allocate")["allocation_id"] for one in offered]
    page, said = str(sitting.item_at(waits, meeting_id)), []
    offered_on = london_date(sitting.running.clock.at)
    for offer, days in zip(offers, (2, 2, 3), strict=True):
        while london_date(sitting.running.clock.at) < working_days_after(offered_on, days):
            sitting.running.clock.at += timedelta(days=1)
        body = {"practitioner_id": str(sitting.lead.person_id)}
        sitting.post(sitting.manager, f"/allocations/{offer}/acceptance", body)
        said.append(accepts_within(page_of(sitting, page), "Parenting course"))
    assert said == ["Not known yet", "Not known yet", "2 working days"]
    assert accepts_within(page_of(sitting, page), "Tenancy support") == "Not known yet"


def accepts_within(page: str, service: str) -> str:
    row = re.search(rf"{service} \((?:.*?)</tr>", page.split("How busy", 2)[2], re.S)
    assert row is not None
    return row[0].rpartition("</td>")[0].rpartition(">")[2]
