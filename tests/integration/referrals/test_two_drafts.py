"""Two requests begun in one browser: each tab stays with its own, and each has its own link to come back."""

import re
from collections.abc import Callable
from html import unescape

from flask.testing import FlaskClient

from tests.integration.conftest import Running
from tests.integration.referrals.asking import CHILD, CONTACT, ask_as_parent, begin, submit

Start = Callable[..., Running]
SECOND = {**CHILD, "given_name": "Bartholomew"}


def two(running: Running) -> FlaskClient:
    """Return a browser that began a request about Siobhán, and one about Bartholomew in another tab."""
    browser = running.browser()
    begin(browser, "carer")
    submit(browser, "/ask/details", CONTACT["parent"], leads_to="/ask/children")
    submit(browser, "/ask/children/add", CHILD, leads_to="/ask/children/c1/more")
    submit(browser, "/start/again", {}, leads_to="/ask/who?of=2")
    submit(browser, "/ask/who?of=2", {"asking": "carer"}, leads_to="/ask/details?of=2")
    submit(browser, "/ask/details?of=2", CONTACT["parent"], leads_to="/ask/children?of=2")
    submit(browser, "/ask/children/add?of=2", SECOND, leads_to="/ask/children/c1/more?of=2")
    return browser


def _link(browser: FlaskClient, of: str) -> str:
    submit(browser, f"/ask/save{of}", {"how": "shown"}, leads_to=f"/ask/saved{of}")
    found = re.search(r"http://[^<]*?(/return/[\w-]+)", browser.get(f"/referrals/ask/saved{of}").text)
    assert found
    return found.group(1)


def test_each_tab_shows_its_own_request_and_leads_to_its_own_pages(start: Start) -> None:
    browser = two(start("referrals"))
    for of, child, other in (("", "Siobhán", "Bartholomew"), ("?of=2", "Bartholomew", "Siobhán")):
        page = unescape(browser.get(f"/referrals/ask/children{of}").text)
        assert child in page
        assert other not in page
        assert f'href="/referrals/ask/save{of}"' in page
        assert f'href="/referrals/ask/children/c1{of}"' in page


def test_each_has_a_link_of_its_own_that_leads_back_to_it(start: Start) -> None:
    running = start("referrals")
    browser = two(running)
    links = {child: _link(browser, of) for of, child in (("", "Siobhán"), ("?of=2", "Bartholomew"))}
    assert len(set(links.values())) == 2
    for child, link in links.items():
        elsewhere = running.browser()
        elsewhere.post(f"/referrals{link}", data={})
        assert child in elsewhere.get("/referrals/ask/children").text


def test_a_number_that_was_never_given_leads_to_the_start(start: Start) -> None:
    browser = two(start("referrals"))
    for number in ("3", "99"):
        assert browser.get(f"/referrals/ask/children?of={number}").location == "/referrals/start"
    assert browser.get("/referrals/ask/children?of=two").status_code == 200


def test_what_is_sent_needs_no_number_any_more_and_the_next_one_has_none(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    ask_as_parent(browser)
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    submit(browser, "/start/again", {}, leads_to="/ask/who")


def test_the_second_is_sent_while_the_first_goes_on(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    begin(browser, "carer")
    submit(browser, "/ask/details", CONTACT["parent"], leads_to="/ask/children")
    submit(browser, "/start/again", {}, leads_to="/ask/who?of=2")
    submit(browser, "/start/again", {}, leads_to="/ask/who?of=3")
    assert browser.get("/referrals/start").text.count("/ask/who?of=3") == 1
    assert "Ana O&#39;Brien" in browser.get("/referrals/ask/details").text
    submit(browser, "/ask/leave?of=2", {}, leads_to="/start")
    assert browser.get("/referrals/ask/who?of=2").location == "/referrals/start"
    assert browser.get("/referrals/ask/who?of=3").status_code == 200
