"""What a person does with a page, and what every page must stand: axe's WCAG 2.2 AA, and a narrow window."""

import json
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from services.embedded.samples import SAMPLES

REFERENCE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")
WIDE, NARROW = 1280, 360
_AXE = Axe()
_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
_HEIGHT = 900


def sign_in(page: Page, key: str, *, authority: str = "bathnes") -> None:
    """Sign in with one click, as the training system's sign-in page offers."""
    people = json.loads((SAMPLES / authority / "people.json").read_text(encoding="utf-8"))["people"]
    name = next(person["name"] for person in people if person["key"] == key)
    page.goto("/directory/sign-in")
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_url("**/directory/")


def assert_accessible(page: Page) -> None:
    """Fail with what axe-core found wrong on the page."""
    found = _AXE.run(page, options=_RULES)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def assert_fits(page: Page) -> None:
    """Fail when the page is wider than its window."""
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{page.url} is {overflow} px wider than its window"


def look_at(page: Page, heading: str, picture: Path | None = None) -> None:
    """Wait for the page with this heading; check it wide and narrow, and keep a picture of both."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    assert_accessible(page)
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": _HEIGHT})
        assert_fits(page)
        if picture is not None:
            page.screenshot(path=picture.with_name(f"{picture.name}-{width}.png"), full_page=True)


def fill(page: Page | Locator, boxes: dict[str, str]) -> None:
    """Type into boxes, and choose from lists, by their labels."""
    for label, text in boxes.items():
        box = page.get_by_label(label, exact=True)
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(label=text)
        else:
            box.fill(text)


def choose(page: Page, question: str, *answers: str) -> None:
    """Tick answers to a question, by their labels."""
    group = page.get_by_role("group", name=question, exact=True)
    for answer in answers:
        group.get_by_label(answer, exact=True).check()


def write_date(page: Page, question: str, day_month_year: str) -> None:
    """Write a date such as `31 2 2019` into the three boxes of a question."""
    group = page.get_by_role("group", name=question, exact=True)
    for label, text in zip(("Day", "Month", "Year"), day_month_year.split(), strict=True):
        group.get_by_label(label, exact=True).fill(text)


def press(page: Page, name: str) -> None:
    """Press the button with this name."""
    page.get_by_role("button", name=name, exact=True).click()


def follow_link(page: Page, name: str) -> None:
    """Follow the link with this name."""
    page.get_by_role("link", name=name, exact=True).click()


def from_menu(page: Page, name: str) -> None:
    """Go to a part of the product from the menu in its head, and stay until that page is there."""
    with page.expect_navigation():
        page.get_by_role("navigation", name="Menu").get_by_role("link", name=name, exact=True).click()


def go_back(page: Page) -> None:
    """Follow the page's own way back."""
    page.get_by_role("navigation", name="Back").get_by_role("link").click()


def reference_on(page: Page) -> str:
    """Return the first reference that the page's main part shows."""
    found = REFERENCE.search(page.get_by_role("main").inner_text())
    assert found, f"{page.url} shows no reference"
    return found.group()


def assert_error_leads_to(page: Page, message: str, box: Locator) -> None:
    """Check the error summary: it says the message, and its link puts the cursor into the box."""
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert page.title().startswith("Error: ")
    assert_accessible(page)
    page.locator(".govuk-error-summary").get_by_role("link", name=message).click()
    expect(box).to_be_focused()
