"""Six people of a panel in six browsers go through one meeting of twelve families."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.arranging import Arranged
from tests.journeys.browsing import assert_accessible, choose, fill, follow_link, look_at, press

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OpenPage = Callable[..., Page]
_NAMES = (
    "01-low-mood-after-birth",
    "02-late-and-tired-two-homes",
    "04-eight-children-in-two-rooms",
    "05-thirteen-and-out-after-dark",
    "07-twins-in-one-school",
    "08-nan-raising-three",
    "09-six-brothers-and-sisters",
    "10-carer-for-mum-at-eleven",
    "12-romani-family-stopping-place",
    "16-short-breaks-for-isaac",
    "19-not-sleeping-not-going-in",
    "24-parents-with-a-learning-disability",
)
_PEOPLE = ("chair", "coordinator", "deputy", "manager-health", "manager-housing", "manager-young-carers")
_DAY = "Thursday 12 November 2026"
_TYPED = "The school offers a place in the breakfast club from Monday."


def test_six_people_follow_one_meeting_and_nobody_loses_what_they_typed(
    open_page: OpenPage, arranged_alone: Arranged, screenshots: Path
) -> None:
    arranged_alone.to_panel(*_NAMES)
    arranged_alone.move_clock_to(datetime(2026, 11, 6, 17, 0, tzinfo=UTC))
    arranged_alone.move_clock_to(datetime(2026, 11, 12, 9, 30, tzinfo=UTC))
    meeting = f"/panel/meetings/{arranged_alone.first_meeting()['meeting_id']}"
    pages = {key: open_page(key, at=arranged_alone.system) for key in _PEOPLE}
    _wait_for_it_to_open(pages, meeting)
    _open(pages, meeting, screenshots)
    _take_up_the_first(pages, screenshots)
    _lose_the_connection_while_typing(pages["coordinator"], pages["chair"])
    _write_at_once(pages["coordinator"], pages["deputy"], meeting, screenshots)
    _lose_the_connection_while_deciding(pages["chair"])
    _decide(pages["chair"], 1)
    _see(pages, "Now: item 2")
    _declare_a_conflict(pages, meeting, screenshots)
    _leave_for_later(pages)
    for number in (4, 5, 6, 7, 8, 9, 10, 11, 12):
        _decide(pages["chair"], number)
    _see(pages, "Now: item 3")
    _end_early(pages)


def _wait_for_it_to_open(pages: Mapping[str, Page], meeting: str) -> None:
    for page in _members(pages):
        page.goto(f"{meeting}/live")
        expect(page.get_by_role("main")).to_contain_text("has not been opened yet")
    pages["chair"].goto(f"{meeting}/meeting")


def _open(pages: Mapping[str, Page], meeting: str, screenshots: Path) -> None:
    chair, member = pages["chair"], pages["manager-health"]
    press(chair, "Open the meeting")
    for page in _members(pages):
        press(page, "I am here and keep to this")
        expect(page.get_by_role("main")).to_contain_text("you since")
    look_at(member, _DAY, screenshots / "live-member-before")
    expect(chair.get_by_label("Who came for Trevor Bracey (member)?")).to_be_hidden()
    fill(chair, {"Trevor Bracey (member)": "Sent a substitute"})
    fill(chair, {"Who came for Trevor Bracey (member)?": "Denise Clothier"})
    fill(chair, {"Trevor Bracey (member)": "Apologies"})
    press(chair, "Save attendance")
    look_at(chair, _DAY, screenshots / "live-chair-before")
    expect(pages["manager-young-carers"].get_by_role("main")).to_contain_text("15 of 16 there")
    for key in ("coordinator", "deputy"):
        pages[key].goto(f"{meeting}/meeting")


def _take_up_the_first(pages: Mapping[str, Page], screenshots: Path) -> None:
    press(pages["chair"], "Take up item 1")
    _see(pages, "Now: item 1")
    expect(pages["manager-health"].locator("[data-follow-said]")).to_contain_text("item 1")
    _lose_the_connection_while_following(pages["manager-health"])
    look_at(pages["chair"], _DAY, screenshots / "live-chair")
    look_at(pages["manager-health"], _DAY, screenshots / "live-member")
    for page in pages.values():
        expect(page.locator("[data-timer-text]")).to_contain_text(re.compile(r"[0-9]:[0-9]{2}"))


def _lose_the_connection_while_following(page: Page) -> None:
    status = page.locator("[data-follow-status]")
    expect(status).to_have_text("Following as it happens")
    page.context.set_offline(True)
    expect(status).to_contain_text("No connection. This page goes on by itself")
    page.context.set_offline(False)
    expect(status).to_have_text(re.compile("Following as it happens|Asking every few seconds"))


def _lose_the_connection_while_typing(page: Page, chair: Page) -> None:
    page.context.set_offline(True)
    page.get_by_label("Notes on item 1").fill(_TYPED)
    status = page.locator("[data-unsaved-status]")
    expect(status).to_contain_text("no connection. It is kept in this tab")
    press(page, "Save notes")
    expect(status).to_contain_text("Save it when the connection is back")
    page.context.set_offline(False)
    expect(status).to_contain_text("kept for you at")
    page.reload()
    expect(page.get_by_label("Notes on item 1")).to_have_value(_TYPED)
    expect(chair.get_by_role("main")).to_contain_text("Elspeth Dunn has notes on this item that are not saved")


def _lose_the_connection_while_deciding(page: Page) -> None:
    meeting = page.url
    press(page, "Record the decision")
    choose(page, "What does the panel decide?", "Signpost")
    press(page, "Continue")
    page.context.set_offline(True)
    fill(page, {"The reasons": "It is open to all families."})
    expect(page.locator("[data-unsaved-status]")).to_contain_text("no connection. It is kept in this tab")
    page.context.set_offline(False)
    expect(page.locator("[data-unsaved-status]")).to_contain_text("kept for you at")
    page.reload()
    expect(page.get_by_label("The reasons")).to_have_value("It is open to all families.")
    page.goto(meeting)


def _write_at_once(first: Page, second: Page, meeting: str, screenshots: Path) -> None:
    second.get_by_label("Notes on item 1").fill("The family asked for a Tuesday.")
    expect(second.locator("[data-unsaved-status]")).to_contain_text("kept for you at")
    look_at(first, _DAY, screenshots / "live-notes")
    press(first, "Save notes")
    expect(first.get_by_label("Notes on item 1")).to_have_value(_TYPED)
    press(second, "Save notes")
    look_at(second, "Notes on item 1", screenshots / "live-notes-changed")
    expect(second.get_by_role("main")).to_contain_text(_TYPED)
    box = second.get_by_label("Notes on item 1")
    expect(box).to_have_value("The family asked for a Tuesday.")
    box.fill(f"{_TYPED} The family asked for a Tuesday.")
    press(second, "Save notes")
    expect(second).to_have_url(re.compile(f"{meeting}/meeting$"))
    expect(first.get_by_label("Notes on item 1")).to_have_value(f"{_TYPED} The family asked for a Tuesday.")


def _declare_a_conflict(pages: Mapping[str, Page], meeting: str, screenshots: Path) -> None:
    page, chair = pages["manager-health"], pages["chair"]
    with page.context.expect_page() as opened:
        page.locator("#paper-now").click()
    paper = opened.value
    expect(paper.get_by_role("heading", level=1)).to_be_visible()
    reference = page.locator("#now").inner_text().rpartition(" ")[2]
    expect(paper.get_by_role("main")).to_contain_text(reference)
    page.bring_to_front()
    page.goto(f"{meeting}/live")
    follow_link(page, "I have a conflict with this item")
    page.get_by_label("What is the conflict?").fill("They are neighbours")
    press(page, "Declare the conflict")
    expect(page.get_by_role("main")).to_contain_text("Its paper and its decision are closed to you")
    expect(page.locator("#paper-now")).to_have_count(0)
    paper.bring_to_front()
    expect(paper.get_by_role("heading", level=1)).to_contain_text("not found", ignore_case=True)
    paper.close()
    expect(chair.locator("#live-now")).to_contain_text("In conflict, with no part in this item: Catherine Vowles")
    look_at(page, _DAY, screenshots / "live-member-conflict")
    _decide(chair, 2)
    expect(_row(pages["manager-young-carers"], 2)).to_contain_text("Signpost")
    expect(_row(page, 2)).to_contain_text("Closed to you")
    expect(_row(page, 2)).not_to_contain_text("Signpost")


def _leave_for_later(pages: Mapping[str, Page]) -> None:
    _see(pages, "Now: item 3")
    press(pages["chair"], "Leave for later")
    _see(pages, "Now: item 4")
    expect(_row(pages["manager-housing"], 3)).to_contain_text("Left for later")


def _decide(page: Page, number: int) -> None:
    expect(page.locator("#now")).to_contain_text(f"Now: item {number},")
    press(page, "Record the decision")
    choose(page, "What does the panel decide?", "Signpost")
    press(page, "Continue")
    fill(page, {"Where is the family pointed to?": "The family hub", "Who tells the family?": "The school"})
    fill(page, {"The reasons": "It is open to all."})
    press(page, "Record the decision")


def _end_early(pages: Mapping[str, Page]) -> None:
    chair = pages["chair"]
    press(chair, "End the meeting")
    expect(chair.get_by_role("main")).to_contain_text("1 family was not heard")
    chair.get_by_role("radio").first.check()
    press(chair, "End the meeting")
    for page in _members(pages):
        expect(page.get_by_role("main")).to_contain_text("This meeting has ended")
        assert_accessible(page)


def _members(pages: Mapping[str, Page]) -> list[Page]:
    return [page for key, page in pages.items() if key.startswith("manager-")]


def _see(pages: Mapping[str, Page], words: str) -> None:
    """Wait until everybody's screen shows the item, within the second that they are promised and one for the browser."""
    for page in pages.values():
        expect(page.locator("#now")).to_contain_text(words, timeout=5_000)


def _row(page: Page, number: int) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=re.compile(rf"^{number}\.")))
