"""An agency answers what it is offered, and its lead practitioner holds the plan."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from services.embedded.waiting import wait_until, wait_until_nothing_is_on_its_way
from tests.journeys.arranging import Arranged
from tests.journeys.browsing import (
    REFERENCE,
    assert_error_leads_to,
    choose,
    fill,
    follow_link,
    from_menu,
    look_at,
    press,
    write_date,
)
from tests.journeys.told import assert_no_message_names_the_family, messages_about

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OpenPage = Callable[..., Page]
_ACCEPTED, _DECLINED = "03-baby-due-and-a-toddler", "06-mum-of-three-rang-us"
_LED = "17-dad-in-recovery"


def test_a_manager_accepts_one_family_and_declines_another_which_is_back_in_the_queue(
    open_page: OpenPage, arranged: Arranged, screenshots: Path
) -> None:
    accepted = arranged.to_service(_ACCEPTED, "Bump to Baby")["reference"]
    declined = arranged.to_service(_DECLINED, "Family support at home, under 11")["reference"]
    page = open_page("manager-family-hubs")
    from_menu(page, "Allocations")
    look_at(page, "Allocations", screenshots / "allocations")
    _accept(page, accepted, screenshots)
    offer = _decline(page, declined, screenshots)
    _another_agency_finds_nothing(open_page("manager-youth"), offer)
    wait_until_nothing_is_on_its_way(arranged.url)
    coordinator = open_page("coordinator")
    from_menu(coordinator, "Queue")
    look_at(coordinator, "Queue", screenshots / "queue-declined")
    expect(coordinator.get_by_role("row", name=declined)).to_contain_text("Returned")
    expect(coordinator.get_by_role("row", name=accepted)).to_have_count(0)


def _accept(page: Page, reference: str, screenshots: Path) -> None:
    follow_link(page, reference)
    look_at(page, reference, screenshots / "allocation")
    page.get_by_role("button", name="Accept", exact=True).first.click()
    look_at(page, "Accept the family", screenshots / "allocation-accept")
    press(page, "Accept the family")
    lead = page.get_by_role("group", name="Who will be the").get_by_role("radio").first
    assert_error_leads_to(page, "Select who will be", lead)
    page.get_by_label("Magda Zielińska").check()
    page.get_by_role("group", name="Who of the family agreed?").get_by_role("checkbox").first.check()
    choose(page, "How did they agree?", "Said so")
    write_date(page, "When did they agree?", "2 11 2026")
    press(page, "Accept the family")
    look_at(page, "Allocations", screenshots / "allocations-accepted")
    expect(page.get_by_role("rowheader", name=reference)).to_be_visible()


def _decline(page: Page, reference: str, screenshots: Path) -> str:
    from_menu(page, "Allocations")
    follow_link(page, reference)
    offer = page.url
    page.get_by_role("button", name="Decline", exact=True).first.click()
    choose(page, "Why do you decline?", "Another reason")
    press(page, "Decline the family")
    assert_error_leads_to(page, "", page.get_by_label("What should the panel know?"))
    look_at(page, "Decline the family", screenshots / "allocation-decline-error")
    choose(page, "Why do you decline?", "We have no room")
    press(page, "Decline the family")
    look_at(page, "Allocations")
    expect(page.get_by_role("link", name=reference)).to_have_count(0)
    return offer


def _another_agency_finds_nothing(page: Page, offer: str) -> None:
    answer = page.goto(offer)
    assert answer is not None
    assert answer.status == 404
    look_at(page, "")
    assert not REFERENCE.search(page.content())


def test_a_lead_practitioner_records_a_review_and_no_message_names_the_family(
    open_page: OpenPage, arranged: Arranged, screenshots: Path
) -> None:
    reference = arranged.to_service(_LED, "Parents in recovery")["reference"]
    arranged.accept("manager-substance-misuse", "practitioner-substance-misuse", reference)
    page = open_page("practitioner-substance-misuse")
    from_menu(page, "My families")
    look_at(page, "My families", screenshots / "my-families")
    follow_link(page, reference)
    look_at(page, reference, screenshots / "plan")
    _record_a_review(page, screenshots)
    _nobody_else_sees_the_plan(open_page("practitioner-youth"), page.url)
    wait_until(lambda: len(messages_about(arranged, _LED)) >= 3, "the referrer, the agency and the lead are told")
    _read_the_inbox(page, reference, screenshots)
    assert_no_message_names_the_family(arranged, _LED)


def _record_a_review(page: Page, screenshots: Path) -> None:
    fill(page, {"What was said?": "He has been to the group four times."})
    write_date(page, "When was the review?", "3 11 2026")
    press(page, "Record the review")
    assert_error_leads_to(page, "past", page.locator("#held_on-day"))
    expect(page.get_by_label("What was said?")).to_have_value("He has been to the group four times.")
    write_date(page, "When was the review?", "2 11 2026")
    choose(page, "How are things since the last review?", "Things are better")
    choose(page, "What happens next?", "The plan goes on")
    press(page, "Record the review")
    expect(page.get_by_role("heading", name="Monday 2 November 2026")).to_be_visible()
    look_at(page, "", screenshots / "plan-reviewed")


def _nobody_else_sees_the_plan(page: Page, plan: str) -> None:
    answer = page.goto(plan)
    assert answer is not None
    assert answer.status == 404


def _read_the_inbox(page: Page, reference: str, screenshots: Path) -> None:
    from_menu(page, "Inbox")
    fill(page, {"Reference": reference})
    press(page, "Show")
    look_at(page, "Inbox", screenshots / "inbox")
    links = page.get_by_role("table").get_by_role("link")
    for place in range(links.count()):
        links.nth(place).click()
        look_at(page, "", screenshots / f"message-{place}" if place < 2 else None)
        page.go_back()
