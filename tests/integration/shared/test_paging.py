"""Lists in pages: what is shown, and the links to the rest."""

from collections.abc import Callable

import pytest
from flask import Flask

from services.directory.tables import AgencyRow
from shared.paging import PageOf
from shared.web.paging import page_asked_for, page_link
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.documents import sent


@pytest.mark.parametrize(
    ("number", "rows", "total", "shown"),
    [
        (1, 25, 60, (1, 25, 3)),
        (3, 10, 60, (51, 60, 3)),
        (9, 0, 60, (0, 0, 3)),
        (1, 0, 0, (0, 0, 1)),
        (1, 25, 25, (1, 25, 1)),
    ],
)
def test_a_page_says_where_it_stands(number: int, rows: int, total: int, shown: tuple[int, int, int]) -> None:
    page = PageOf(range(rows), number, 25, total)
    assert (page.first_row, page.last_row, page.pages) == shown


@pytest.mark.parametrize(
    ("given", "number"), [("", 1), ("3", 3), ("0", 1), ("-1", 1), ("x", 1), ("²", 1), ("9" * 30, 1), ("12345", 12345)]
)
def test_any_page_that_makes_no_sense_is_the_first(given: str, number: int) -> None:
    with Flask("panel").test_request_context("/list", query_string={"page": given}):
        assert page_asked_for() == number


def test_a_link_keeps_the_search_and_leads_nowhere_else() -> None:
    app = Flask("panel")
    app.add_url_rule("/list/<kind>", "list", lambda kind: kind)
    asked = "/list/open?q=o%27brien+%26+co&role=&need=1&need=2&page=2&_scheme=javascript&_external=1"
    with app.test_request_context(asked):
        assert page_link(3) == "/list/open?q=o%27brien+%26+co&need=1&need=2&_scheme=javascript&_external=1&page=3"


def test_sixty_agencies_are_three_pages(start: Callable[..., Running]) -> None:
    running = start("directory")
    with running.database.begin() as session:
        session.add_all(AgencyRow(name=f"Agency {number:02}") for number in range(60))
    browser = running.browser(a_person("administrator"))
    first, last = browser.get("/directory/agencies?q=agency").text, browser.get("/directory/agencies?page=3").text
    assert "1 to 25 of 60 agencies" in first
    assert 'href="/directory/agencies?q=agency&amp;page=2"' in first
    assert "51 to 60 of 60 agencies" in last
    assert 'rel="next"' not in last


def test_an_address_beyond_the_last_page_leads_to_the_last_of_the_same_search(start: Callable[..., Running]) -> None:
    running = start("directory")
    with running.database.begin() as session:
        session.add_all(AgencyRow(name=f"Agency {number:02}") for number in range(26))
    browser = running.browser(a_person("administrator"))
    assert browser.get("/directory/agencies?q=agency&page=9").location == "/directory/agencies?q=agency&page=2"
    assert "Agency 25" in browser.get("/directory/agencies?q=agency&page=9", follow_redirects=True).text
    assert browser.get("/directory/agencies?q=nothing+like+it&page=9").status_code == 200


def test_the_pages_of_the_worklist_keep_the_stage_that_was_chosen(start: Callable[..., Running]) -> None:
    running = start("referrals")
    for _ in range(61):
        sent(running)
    browser = running.browser(a_person("front_door"))
    first = browser.get("/referrals/worklist?stage=received").text
    assert "1 to 60 of 61 requests" in first
    assert 'href="/referrals/worklist?stage=received&amp;page=2"' in first
    last = browser.get("/referrals/worklist?stage=received&page=3").location
    assert last == "/referrals/worklist?stage=received&page=2"
    assert "61 to 61 of 61 requests" in browser.get(last).text
