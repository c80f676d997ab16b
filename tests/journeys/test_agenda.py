"""A coordinator's fortnight: the queue, the agenda that closes by itself, the pack and the invitation."""

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from services.embedded.waiting import wait_until, wait_until_nothing_is_on_its_way
from tests.journeys.arranging import Arranged
from tests.journeys.browsing import REFERENCE, fill, from_menu, look_at, press, write_date

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OpenPage = Callable[..., Page]
_NAMES = ("02-late-and-tired-two-homes", "07-twins-in-one-school", "10-carer-for-mum-at-eleven")
_LONDON = ZoneInfo("Europe/London")


def test_an_agenda_closes_by_itself_and_its_papers_reach_those_who_may_read_them(
    open_page: OpenPage, arranged_alone: Arranged, screenshots: Path
) -> None:
    references = arranged_alone.to_panel(*_NAMES)
    coordinator = open_page("coordinator", at=arranged_alone.system)
    _see_the_queue(coordinator, references, screenshots)
    _see_the_open_agenda(coordinator, references, screenshots)
    meeting = coordinator.url
    _move_the_clock_past_the_cut_off(coordinator, arranged_alone, screenshots)
    _see_the_closed_agenda(coordinator, meeting, references, screenshots)
    _download_pack_and_invitation(coordinator, references)
    member = open_page("manager-housing", at=arranged_alone.system)
    _read_a_paper_that_is_open(member, meeting, references, screenshots)
    _nobody_else_gets_in(open_page, arranged_alone, meeting, paper=member.url)


def _see_the_queue(page: Page, references: list[str], screenshots: Path) -> None:
    from_menu(page, "Queue")
    look_at(page, "Queue", screenshots / "queue")
    for reference in references:
        expect(page.get_by_role("rowheader", name=reference)).to_be_visible()


def _see_the_open_agenda(page: Page, references: list[str], screenshots: Path) -> None:
    page.get_by_role("link", name="12 Nov").first.click()
    look_at(page, "Thursday 12 November 2026", screenshots / "agenda-open")
    expect(page.get_by_role("main")).to_contain_text("Agenda open")
    _expect_families(page, references)


def _move_the_clock_past_the_cut_off(page: Page, arranged: Arranged, screenshots: Path) -> None:
    from_menu(page, "Clock")
    look_at(page, "Training clock", screenshots / "clock")
    write_date(page, "Day", "6 11 2026")
    fill(page, {"Time": "17:00"})
    press(page, "Move the clock")
    look_at(page, "Training clock")

    def has_arrived() -> bool:
        page.reload()
        return "6 November 2026 at 5pm" in page.get_by_role("complementary", name="Training system").inner_text()

    wait_until(has_arrived, "the clock shows Friday", seconds=60)
    wait_until_nothing_is_on_its_way(arranged.url)


def _see_the_closed_agenda(page: Page, meeting: str, references: list[str], screenshots: Path) -> None:
    page.goto(meeting)

    def is_closed() -> bool:
        page.reload()
        return "Agenda closed" in page.get_by_role("main").inner_text()

    wait_until(is_closed, "the agenda closed by itself", seconds=60)
    look_at(page, "Thursday 12 November 2026", screenshots / "agenda-closed")
    _expect_families(page, references)


def _expect_families(page: Page, references: list[str]) -> None:
    assert sorted(REFERENCE.findall(page.get_by_role("table").inner_text())) == sorted(references)


def _download_pack_and_invitation(page: Page, references: list[str]) -> None:
    pack = page.request.get(_address(page, "Download the pack (PDF)")).body()
    assert pack.startswith(b"%PDF")
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pack)).pages)
    for reference in references:
        assert reference in text
    invitation = page.request.get(_address(page, "Add to my calendar"))
    assert invitation.headers["content-type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(invitation.text()).walk("VEVENT")
    starts_at = event.decoded("DTSTART")
    assert isinstance(starts_at, datetime)
    assert starts_at == datetime(2026, 11, 12, 9, 30, tzinfo=_LONDON)


def _address(page: Page, link: str) -> str:
    return str(page.get_by_role("link", name=link, exact=True).get_attribute("href"))


def _read_a_paper_that_is_open(page: Page, meeting: str, references: list[str], screenshots: Path) -> None:
    from_menu(page, "Meetings")
    look_at(page, "Meetings", screenshots / "meetings")
    page.goto(meeting)
    page.get_by_role("link", name="Read the paper of").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(REFERENCE)
    look_at(page, "", screenshots / "paper")
    assert any(reference in page.content() for reference in references)


def _nobody_else_gets_in(open_page: OpenPage, arranged: Arranged, meeting: str, *, paper: str) -> None:
    front_door = open_page("front-door", at=arranged.system)
    other_panel = open_page("chair-step-down", at=arranged.system)
    for address in (meeting, paper, f"{meeting}/pack.pdf", f"{meeting}/invitation.ics"):
        assert front_door.request.get(address).status in (403, 404), address
        assert other_panel.request.get(address).status in (403, 404), address
    front_door.goto(paper)
    look_at(front_door, "")
    assert not REFERENCE.search(front_door.get_by_role("main").inner_text())
