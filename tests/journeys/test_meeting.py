"""A chair runs a meeting from opening to minutes."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from services.embedded.waiting import wait_until_nothing_is_on_its_way
from tests.journeys.arranging import Arranged
from tests.journeys.browsing import (
    assert_error_leads_to,
    fill,
    follow_link,
    from_menu,
    go_back,
    look_at,
    press,
)
from tests.journeys.told import assert_no_message_names_the_family, messages_about

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OpenPage = Callable[..., Page]
_NAMES = (
    "02-late-and-tired-two-homes",
    "07-twins-in-one-school",
    "09-six-brothers-and-sisters",
    "10-carer-for-mum-at-eleven",
)
_DAY = "Thursday 12 November 2026"


def test_a_chair_holds_the_meeting_decides_about_families_and_issues_the_minutes(
    open_page: OpenPage, arranged_alone: Arranged, screenshots: Path
) -> None:
    references = arranged_alone.to_panel(*_NAMES)
    arranged_alone.move_clock_to(datetime(2026, 11, 6, 17, 0, tzinfo=UTC))
    arranged_alone.move_clock_to(datetime(2026, 11, 12, 9, 30, tzinfo=UTC))
    page = open_page("chair", at=arranged_alone.system)
    _open_the_meeting(page, screenshots)
    _record_who_is_there(page, screenshots)
    _allocate(page, screenshots)
    _signpost(page)
    _carry_over(page)
    _end(page, screenshots)
    _download_minutes(page, references)
    wait_until_nothing_is_on_its_way(arranged_alone.url)
    for name in _NAMES:
        assert len(messages_about(arranged_alone, name)) >= 2
        assert_no_message_names_the_family(arranged_alone, name)


def _open_the_meeting(page: Page, screenshots: Path) -> None:
    from_menu(page, "Meetings")
    page.get_by_role("link", name="12 Nov").first.click()
    press(page, "Open the meeting")
    look_at(page, _DAY, screenshots / "meeting-opening")
    notes_by = page.get_by_label("Who takes the notes?")
    notes_by.select_option(label="Judith Marlowe (chair)")
    press(page, "Open the meeting")
    assert_error_leads_to(page, "Select somebody other than the chair", notes_by)
    notes_by.select_option(label="Elspeth Dunn (coordinator)")
    press(page, "Open the meeting")


def _record_who_is_there(page: Page, screenshots: Path) -> None:
    look_at(page, "Who is there", screenshots / "meeting-attendance")
    page.get_by_label("This was read out to everybody who is there").check()
    press(page, "Everybody is here")
    expect(page.get_by_role("main")).to_contain_text("Everybody there knows the confidentiality statement")
    expect(page.get_by_role("main")).to_contain_text("16 of 16 there")
    follow_link(page, "Change who is there")
    fill(page, {"Trevor Bracey (member)": "Apologies"})
    press(page, "Save attendance")
    look_at(page, _DAY, screenshots / "meeting-in-session")
    expect(page.get_by_role("main")).to_contain_text("15 of 16 there")
    expect(page.get_by_role("main")).to_contain_text("In session since 9:30am")


def _allocate(page: Page, screenshots: Path) -> None:
    press(page, "Take up item 1")
    press(page, "Record the decision")
    look_at(page, "Item 1", screenshots / "decision-outcomes")
    press(page, "Continue")
    assert_error_leads_to(page, "Select what the panel decides", page.get_by_role("radio").first)
    page.get_by_label("Allocate to a service", exact=True).check()
    press(page, "Continue")
    look_at(page, "Allocate to a service", screenshots / "decision-allocate")
    fill(page, {"The reasons": "The young carers' worker knows the school."})
    press(page, "Record the decision")
    assert_error_leads_to(page, "Select the service", page.get_by_label("Which service?"))
    expect(page.get_by_label("The reasons")).to_have_value("The young carers' worker knows the school.")
    page.get_by_label("Which service?").select_option(label="Young carers support (Avon Young Carers)")
    first_contact = page.get_by_role("group", name="By when is the first contact with the family?")
    for box, text in (("Day", "30"), ("Month", "11"), ("Year", "2026")):
        first_contact.get_by_label(box).fill(text)
    expect(page.get_by_role("group", name="Which needs is it to meet?").get_by_role("checkbox").first).to_be_checked()
    press(page, "Record the decision")
    look_at(page, _DAY)


def _signpost(page: Page) -> None:
    press(page, "Record the decision")
    page.get_by_label("Signpost", exact=True).check()
    press(page, "Continue")
    look_at(page, "Signpost")
    fill(page, {"Where is the family pointed to?": "The family hub in Twerton", "Who tells the family?": "The school"})
    fill(page, {"The reasons": "They asked for a group, and it is open to all."})
    press(page, "Record the decision")


def _carry_over(page: Page) -> None:
    press(page, "Record the decision")
    page.get_by_label(re.compile("^Carry over")).check()
    press(page, "Continue")
    look_at(page, "Carry over")
    page.get_by_role("group", name="Why was the family not heard?").get_by_role("radio").first.check()
    fill(page, {"The reasons": "Nobody from the school was there."})
    press(page, "Record the decision")


def _end(page: Page, screenshots: Path) -> None:
    look_at(page, _DAY, screenshots / "meeting-three-decided")
    press(page, "End the meeting")
    look_at(page, "End the meeting", screenshots / "meeting-end")
    expect(page.get_by_role("main")).to_contain_text("1 family was not heard")
    press(page, "End the meeting")
    assert_error_leads_to(page, "Select", page.get_by_role("radio").first)
    page.get_by_role("radio").first.check()
    press(page, "End the meeting")
    look_at(page, f"Minutes of {_DAY}", screenshots / "minutes")


def _download_minutes(page: Page, references: list[str]) -> None:
    address = page.get_by_role("link", name="Download the minutes (PDF)").get_attribute("href")
    pdf = page.request.get(str(address)).body()
    assert pdf.startswith(b"%PDF")
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages)
    for reference in references:
        assert reference in text
    assert "Judith Marlowe" in text
    go_back(page)
    look_at(page, _DAY)
    follow_link(page, "Minutes")
    look_at(page, f"Minutes of {_DAY}")
