"""An administrator looks the authority's rules up."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsing import look_at, press

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_administrator_reads_the_rules_in_force_and_those_before(
    open_page: Callable[..., Page], screenshots: Path
) -> None:
    page = open_page()
    page.goto("/directory/sign-in")
    press(page, "Sample Administrator")
    page.get_by_role("link", name="Rules of the authority").click()
    look_at(page, "Rules of the authority", screenshots / "authority-rules")
    expect(page.get_by_role("table", name="What changed on Monday 1 January 2024")).to_contain_text("Lead Professional")
    page.get_by_role("link", name="From Saturday 1 February 2014").click()
    look_at(page, "Rules of the authority", screenshots / "authority-rules-earlier")
    expect(page.get_by_text("These rules were in force from Saturday 1 February 2014")).to_be_visible()
