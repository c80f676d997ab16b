"""The front door: from the worklist to a decision, a family that is known already, and two workers at once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from services.embedded.waiting import wait_until
from tests.journeys.arranging import Arranged
from tests.journeys.browsing import (
    assert_error_leads_to,
    choose,
    fill,
    follow_link,
    from_menu,
    look_at,
    press,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OpenPage = Callable[..., Page]
_QUESTION = "What happens to the request?"
_TO_PANEL, _SAFEGUARDING = "Send to a panel", "Safeguarding now: send to social care"


def test_a_worker_reads_a_request_and_sends_it_to_the_panel_with_a_level_and_a_reason(
    open_page: OpenPage, arranged: Arranged, screenshots: Path
) -> None:
    reference = arranged.sent("09-six-brothers-and-sisters")["reference"]
    page = open_page("front-door")
    from_menu(page, "Worklist")
    look_at(page, "Worklist", screenshots / "worklist")
    fill(page, {"Find a request by its reference or by a name": reference})
    press(page, "Find")
    look_at(page, "Worklist", screenshots / "worklist-found")
    expect(page.get_by_role("main").get_by_role("link", name=reference, exact=True)).to_be_visible()
    assert "search" in page.url
    from_menu(page, "Worklist")
    _open_from_worklist(page, reference)
    look_at(page, f"Request {reference}", screenshots / "request")
    press(page, "I work on this")
    look_at(page, f"Request {reference}")
    expect(page.get_by_role("main")).to_contain_text("You work on this request")
    press(page, "Decide what happens")
    look_at(page, _QUESTION, screenshots / "triage-outcomes")
    press(page, "Continue")
    assert_error_leads_to(page, "Select what happens", page.get_by_role("radio").first)
    page.get_by_label(_TO_PANEL, exact=True).check()
    press(page, "Continue")
    look_at(page, _TO_PANEL, screenshots / "triage-panel")
    page.get_by_label("Level 3", exact=False).check()
    press(page, "Confirm")
    assert_error_leads_to(page, "Enter the reason", page.get_by_label("Reason"))
    expect(page.get_by_label("Level 3", exact=False)).to_be_checked()
    fill(page, {"Reason": "Three agencies could lead. The panel should agree who."})
    press(page, "Confirm")
    look_at(page, f"Request {reference}", screenshots / "request-decided")
    expect(page.get_by_role("main")).to_contain_text("Three agencies could lead.")
    expect(page.get_by_role("main")).to_contain_text("Level 3")


def test_a_safeguarding_decision_says_whom_to_ring_and_the_request_leaves_the_worklist(
    open_page: OpenPage, arranged: Arranged, screenshots: Path
) -> None:
    sent = arranged.sent("13-what-she-told-her-teacher")
    page = open_page("front-door")
    page.goto(f"/referrals/requests/{sent['request_id']}")
    press(page, "Decide what happens")
    page.get_by_label(_SAFEGUARDING, exact=True).check()
    press(page, "Continue")
    look_at(page, _SAFEGUARDING, screenshots / "triage-safeguarding")
    expect(page.get_by_role("main")).to_contain_text("Ring social care first")
    press(page, "Confirm")
    told = page.get_by_label("Who in social care did you tell?")
    assert_error_leads_to(page, "Enter who in social care was told", told)
    fill(page, {"Who in social care did you tell?": "Duty team, Ms Okafor", "Their reference (optional)": "MASH 4471"})
    choose(page, "How did you tell them?", "By phone")
    fill(page, {"Reason": "What the child told her teacher is for social care today."})
    press(page, "Confirm")
    look_at(page, f"Request {sent['reference']}")
    expect(page.get_by_role("main")).to_contain_text("Sent to social care")
    from_menu(page, "Worklist")
    assert sent["reference"] not in _references_of_all_pages(page)


def test_a_second_request_for_a_family_says_so_and_names_the_worker_once_there_is_a_plan(
    open_page: OpenPage, arranged: Arranged, screenshots: Path
) -> None:
    first, second = arranged.sent("14-nursery-worried-about-lukasz"), arranged.sent("15-lukasz-second-request")
    page = open_page("front-door")
    page.goto(f"/referrals/requests/{second['request_id']}")
    expect(page.get_by_role("heading", name="We may know this family already")).to_be_visible()
    look_at(page, f"Request {second['reference']}", screenshots / "request-known-family")
    press(page, "This is the same family")
    expect(page.get_by_role("main")).to_contain_text("Other requests for this family")
    expect(page.get_by_role("main").get_by_role("link", name=first["reference"])).to_be_visible()
    arranged.to_service("14-nursery-worried-about-lukasz", "Early language clinics")
    arranged.accept("manager-speech", "practitioner-speech", first["reference"])
    _wait_until_it_says(page, "This family has an open plan, led by Hattie Lyons")
    look_at(page, f"Request {second['reference']}", screenshots / "request-open-plan")
    press(page, "Decide what happens")
    page.get_by_label("Add to the plan that is open", exact=True).check()
    press(page, "Continue")
    look_at(page, "Add to the plan that is open")
    fill(page, {"Reason": "The speech clinic works with them already."})
    press(page, "Confirm")
    look_at(page, f"Request {second['reference']}")
    expect(page.get_by_role("main")).to_contain_text("Added to an open plan")


def test_two_workers_decide_at_once_and_the_second_is_told_and_loses_nothing_typed(
    open_page: OpenPage, arranged: Arranged, screenshots: Path
) -> None:
    sent = arranged.sent("24-parents-with-a-learning-disability")
    first, second = open_page("front-door"), open_page("front-door-2")
    for page in (first, second):
        page.goto(f"/referrals/requests/{sent['request_id']}/triage?outcome=panel")
        page.get_by_label("Level 3", exact=False).check()
    fill(first, {"Reason": "First of two."})
    fill(second, {"Reason": "Second of two, thought about for a long time."})
    press(first, "Confirm")
    look_at(first, f"Request {sent['reference']}")
    with second.expect_response(lambda answer: answer.request.method == "POST") as answered:
        press(second, "Confirm")
    assert answered.value.status == 409
    look_at(second, _TO_PANEL, screenshots / "triage-conflict")
    expect(second.get_by_role("main")).to_contain_text("First of two.")
    expect(second.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(second.get_by_label("Reason")).to_have_value("Second of two, thought about for a long time.")
    expect(second.get_by_label("Level 3", exact=False)).to_be_checked()
    first.reload()
    expect(first.get_by_role("main")).to_contain_text("First of two.")
    expect(first.get_by_role("main")).not_to_contain_text("Second of two")


def _open_from_worklist(page: Page, reference: str) -> None:
    while not page.get_by_role("link", name=reference, exact=True).count():
        _go_to_next_page(page)
    follow_link(page, reference)


def _go_to_next_page(page: Page) -> None:
    with page.expect_navigation():
        follow_link(page, "Next page")


def _wait_until_it_says(page: Page, text: str) -> None:
    def says() -> bool:
        page.reload()
        return text in page.get_by_role("main").inner_text()

    wait_until(says, f"the page says: {text}", seconds=30)


def _references_of_all_pages(page: Page) -> str:
    found = page.get_by_role("main").inner_text()
    while page.get_by_role("link", name="Next page").count():
        _go_to_next_page(page)
        found += page.get_by_role("main").inner_text()
    return found
