"""A coordinator adds, moves and cancels a meeting; a member has it in their own calendar, and reads of each change."""

from collections.abc import Callable
from pathlib import Path

import ics
import pytest
import vobject
from playwright.sync_api import Page, expect

from services.embedded.waiting import wait_until, wait_until_nothing_is_on_its_way
from tests.journeys.arranging import Arranged
from tests.journeys.browsing import (
    assert_error_leads_to,
    choose,
    fill,
    follow_link,
    from_menu,
    look_at,
    press,
    write_date,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OpenPage = Callable[..., Page]


def test_a_meeting_is_added_moved_and_cancelled_and_reaches_a_members_own_calendar(
    open_page: OpenPage, arranged_alone: Arranged, screenshots: Path
) -> None:
    arranged_alone.to_panel("02-late-and-tired-two-homes")
    coordinator = open_page("coordinator", at=arranged_alone.system)
    member = open_page("manager-housing", at=arranged_alone.system)
    address = _subscribe(member, screenshots)
    _add_a_meeting(coordinator, screenshots)
    _move_a_meeting(coordinator, screenshots)
    _cancel_a_meeting(coordinator, screenshots)
    wait_until_nothing_is_on_its_way(arranged_alone.url)
    _name_a_seat(coordinator, screenshots)
    _read_the_calendar(member, address)
    _read_the_messages(member, screenshots)


def _subscribe(page: Page, screenshots: Path) -> str:
    from_menu(page, "Meetings")
    follow_link(page, "Calendar of two years")
    look_at(page, "Calendar: November 2026", screenshots / "calendar")
    follow_link(page, "Show these in your own calendar")
    press(page, "Make the address")
    look_at(page, "Your calendar", screenshots / "your-calendar")
    return page.get_by_label("Your address").input_value()


def _add_a_meeting(page: Page, screenshots: Path) -> None:
    from_menu(page, "Meetings")
    follow_link(page, "Early Help Allocation Panel")
    look_at(page, "Early Help Allocation Panel", screenshots / "panel")
    page.get_by_role("button", name="Add a meeting").click()
    look_at(page, "Add a meeting", screenshots / "add-a-meeting")
    write_date(page, "Which day?", "28 11 2026")
    fill(page, {"Why?": "More families than places"})
    press(page, "Add the meeting")
    message = "The meeting must be on a working day, not a weekend or bank holiday"
    assert_error_leads_to(page, message, page.get_by_role("group", name="Which day?").get_by_label("Day"))
    write_date(page, "Which day?", "18 11 2026")
    press(page, "Add the meeting")
    expect(page.get_by_role("main")).to_contain_text("Extra meeting: More families than places")


def _move_a_meeting(page: Page, screenshots: Path) -> None:
    from_menu(page, "Meetings")
    page.get_by_role("link", name="12 Nov").first.click()
    follow_link(page, "Move or cancel this meeting")
    look_at(page, "Move or change this meeting", screenshots / "move-a-meeting")
    write_date(page, "Which day?", "17 11 2026")
    fill(page, {"Why?": "The room is flooded"})
    press(page, "Change the meeting")
    look_at(page, "Tuesday 17 November 2026", screenshots / "moved-meeting")
    expect(page.get_by_role("main")).to_contain_text("The room is flooded")


def _cancel_a_meeting(page: Page, screenshots: Path) -> None:
    from_menu(page, "Meetings")
    page.get_by_role("link", name="10 Dec").first.click()
    follow_link(page, "Move or cancel this meeting")
    follow_link(page, "Cancel the meeting instead")
    look_at(page, "Cancel the meeting of Thursday 10 December 2026", screenshots / "cancel-a-meeting")
    fill(page, {"Why?": "Too few can come"})
    press(page, "Cancel the meeting")
    look_at(page, "Early Help Allocation Panel", screenshots / "panel-with-changes")
    expect(page.get_by_role("main")).to_contain_text("Cancelled: Too few can come")


def _name_a_seat(page: Page, screenshots: Path) -> None:
    choose(page, "Which seat?", "Member")
    fill(page, {"What does the seat stand for?": "health visiting"})
    press(page, "Add the seat")
    row = page.get_by_role("row").filter(has_text="health visiting")
    expect(row).to_contain_text("To be named")
    row.get_by_role("link").click()
    look_at(page, "Change a seat", screenshots / "change-a-seat")


def _read_the_calendar(page: Page, address: str) -> None:
    # Whoever has the address needs no session: the request goes without the browser's cookies.
    page.context.clear_cookies()
    text = page.request.get(address).text()
    days = {event.begin.date().isoformat(): event.status for event in ics.Calendar(text).events}
    assert days["2026-11-17"] == days["2026-11-18"] == "CONFIRMED"
    assert days["2026-12-10"] == "CANCELLED"
    assert "2026-11-12" not in days
    assert len(vobject.readOne(text).vevent_list) == len(ics.Calendar(text).events)


def _read_the_messages(page: Page, screenshots: Path) -> None:
    _open_message(page, "the meeting is now on Tuesday 17 November 2026")
    look_at(page, "the meeting is now on", screenshots / "message-of-a-move")
    expect(page.get_by_role("main")).to_contain_text("It was to be on Thursday 12 November 2026 at 9:30am")
    expect(page.get_by_role("main")).to_contain_text("METHOD:REQUEST")
    _open_message(page, "Thursday 10 December 2026: cancelled")
    expect(page.get_by_role("main")).to_contain_text("METHOD:CANCEL")


def _open_message(page: Page, subject: str) -> None:
    message = page.get_by_role("link", name=subject)

    def has_arrived() -> bool:
        page.goto("/notifications/inbox")
        return message.count() > 0

    wait_until(has_arrived, f"the message arrives: {subject}", seconds=60, every=0.5)
    message.first.click()
