"""Save or print what was sent: one page, with reference and date, and nothing that its reader may not see."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from flask.testing import FlaskClient

from services.referrals.tables import RequestRow, SentCopyRow
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.asking import STORY, ask_as_parent, ask_as_professional, submit
from tests.integration.referrals.documents import sent, signed_on_page, triaged

Start = Callable[..., Running]


def request_of(running: Running) -> RequestRow:
    with running.database.read() as session:
        return session.scalars(sa.select(RequestRow)).one()


def sends(browser: FlaskClient) -> None:
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")


def test_the_answers_are_one_page_before_they_are_sent(start: Start) -> None:
    browser = start("referrals").browser()
    ask_as_parent(browser)
    page = browser.get("/referrals/ask/check/print").text
    assert "not sent yet" in page
    assert STORY["worried_about"] in page
    assert "Do not write here" in page
    assert "Printed on Monday 2 November 2026" in page
    assert '<nav aria-label="Menu"' not in page
    assert ">Change<" not in page


def test_the_browser_that_sent_a_request_prints_it_for_an_hour(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    ask_as_parent(browser)
    sends(browser)
    assert "Save or print what you sent" in browser.get("/referrals/ask/sent").text
    page = browser.get("/referrals/ask/sent/print").text
    assert request_of(running).reference in page
    assert "What was sent on 2 November 2026 at 9am" in page
    assert STORY["worried_about"] in page
    running.clock.at += timedelta(minutes=61)
    assert browser.get("/referrals/ask/sent/print").status_code == 404
    assert running.browser().get("/referrals/ask/sent/print").location == "/referrals/start"


def test_a_shared_computer_forgets_what_was_sent(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    ask_as_parent(browser)
    sends(browser)
    submit(browser, "/ask/sent/leave", {}, leads_to="/start")
    assert browser.get("/referrals/ask/sent/print").location == "/referrals/start"


def sent_by(running: Running, browser: FlaskClient) -> UUID:
    ask_as_professional(browser)
    sends(browser)
    return request_of(running).id


def test_who_sent_it_with_an_account_prints_what_they_sent_and_said_later_at_any_time(start: Start) -> None:
    running = start("referrals")
    school = a_person("referrer", name="Megan O'Brien")
    browser = running.browser(school)
    request_id = sent_by(running, browser)
    key = "01930000-0000-7000-8000-000000000001"
    more = {"key": key, "about": "story", "kind": "added", "words": "She was excluded."}
    browser.post(f"/referrals/sent/{request_id}/amend", data=more)
    running.clock.at += timedelta(days=400)
    page = running.browser(school).get(f"/referrals/sent/{request_id}/print").text
    assert STORY["worried_about"] in page
    assert "She was excluded." in page
    assert running.browser(a_person("referrer")).get(f"/referrals/sent/{request_id}/print").status_code == 404
    assert running.browser().get(f"/referrals/sent/{request_id}/print").status_code == 302


def test_nothing_that_the_front_door_added_is_on_it(start: Start) -> None:
    running = start("referrals")
    school = a_person("referrer", name="Megan O'Brien")
    browser = running.browser(school)
    request_id = sent_by(running, browser)
    triaged(running, request_id, reason="We know the uncle from elsewhere.")
    answer = signed_on_page(note="She told us of the uncle.")
    running.browser(a_person("front_door")).post(f"/referrals/requests/{request_id}/consent/answer?by=a1", data=answer)
    page = browser.get(f"/referrals/sent/{request_id}/print").text
    assert page.count(STORY["worried_about"]) == 1
    assert "uncle" not in page


def test_a_referrer_whom_the_family_left_out_since_prints_nothing(start: Start) -> None:
    running = start("referrals")
    school = a_person("referrer", name="Megan O'Brien")
    browser = running.browser(school)
    request_id = sent_by(running, browser)
    left_out = signed_on_page(not_with="A school")
    door = running.browser(a_person("front_door"))
    assert door.post(f"/referrals/requests/{request_id}/consent/answer?by=a1", data=left_out).status_code == 302
    assert browser.get(f"/referrals/sent/{request_id}/print").status_code == 404


def test_a_request_from_before_there_were_copies_offers_none(start: Start) -> None:
    running = start("referrals")
    browser = running.browser(a_person("referrer", name="Megan O'Brien"))
    request_id = sent_by(running, browser)
    assert "Save or print what you sent" in browser.get(f"/referrals/sent/{request_id}").text
    with running.database.begin() as session:
        session.execute(sa.delete(SentCopyRow))
    assert "Save or print what you sent" not in browser.get(f"/referrals/sent/{request_id}").text


def test_a_request_that_came_through_a_portal_has_no_copy(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    assert running.browser(a_person("referrer")).get(f"/referrals/sent/{request_id}/print").status_code == 404
