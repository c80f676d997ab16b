"""A child in danger: the stop before the form, and the question when the answers point that way."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from services.referrals.tables import RequestRow, SafeguardingCheckRow
from shared.authority import AUTHORITIES, load_profile
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.asking import STORY, ask_as_parent, ask_as_professional, submit
from tests.integration.referrals.documents import a_document, a_step_down, post, sent

Start = Callable[..., Running]
WORRY = STORY | {"worried_about": "He has bruises on his arms."}


def write(browser: FlaskClient, story: dict[str, Any]) -> None:
    """Write another story than was written before, as from the check page."""
    submit(browser, "/ask/story", story)


def check_kept(running: Running) -> SafeguardingCheckRow | None:
    with running.database.read() as session:
        return session.scalars(sa.select(SafeguardingCheckRow)).one_or_none()


@pytest.mark.parametrize("authority", AUTHORITIES)
@pytest.mark.parametrize("page", ["/referrals/start/safety", "/referrals/start/stop"])
def test_the_stop_shows_every_number_by_day_and_by_night_and_999(start: Start, authority: str, page: str) -> None:
    running = start("referrals", AUTHORITY=authority)
    contacts = load_profile(authority).newest.safeguarding_contacts
    assert any(contact.when != "in office hours" for contact in contacts), "somebody is to be rung at night too"
    for browser in (running.browser(), running.browser(a_person("referrer")), running.browser(a_person("front_door"))):
        shown = browser.get(page).text.split("<main")[1].split("</main")[0]
        assert "999" in shown
        assert all(contact.phone in shown and contact.when in shown for contact in contacts)


def test_answers_that_point_to_nothing_lead_straight_to_the_check(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    ask_as_parent(browser)
    assert browser.get("/referrals/ask/safeguarding").location == "/referrals/ask/check"
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    assert check_kept(running) is None


def test_a_professional_is_asked_and_says_why_not(start: Start) -> None:
    running = start("referrals")
    browser = running.browser(a_person("referrer"))
    ask_as_professional(browser)
    write(browser, WORRY)
    assert browser.get("/referrals/ask/check").location == "/referrals/ask/safeguarding"
    submit(browser, "/ask/check", {}, leads_to="/ask/safeguarding")
    page = browser.get("/referrals/ask/safeguarding").text
    for words in ("Should this be a safeguarding referral?", "“bruises”", "01225 396111", "999", "01454 615165"):
        assert words in page
    refused = submit(browser, "/ask/safeguarding", {"answer": "no"})
    assert refused.status_code == 422
    assert "Say in one sentence why" in refused.text
    submit(browser, "/ask/safeguarding", {"answer": "no", "why_not": "He plays rugby."}, leads_to="/ask/check")
    assert "He plays rugby." in browser.get("/referrals/ask/check").text
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    kept = check_kept(running)
    assert kept is not None
    assert (kept.answer, kept.why_not) == ("no", "He plays rugby.")
    shown = running.browser(a_person("front_door")).get(f"/referrals/requests/{kept.request_id}").text
    assert "He plays rugby." in shown
    assert "“bruises”" in shown


def test_a_parent_is_asked_in_plain_words_and_need_not_say_why_not(start: Start) -> None:
    browser = start("referrals").browser()
    ask_as_parent(browser)
    write(browser, WORRY)
    page = browser.get("/referrals/ask/safeguarding").text
    assert "Is a child being hurt or in danger?" in page
    assert "safeguarding" not in page.split("<main")[1].split("</main")[0].replace("/ask/safeguarding", "").lower()
    submit(browser, "/ask/safeguarding", {"answer": "no"}, leads_to="/ask/check")


def test_yes_says_what_to_do_now_keeps_the_request_and_puts_it_first(start: Start) -> None:
    running = start("referrals")
    other = sent(running, a_document(urgency="urgent"))
    browser = running.browser()
    ask_as_parent(browser)
    write(browser, WORRY)
    submit(browser, "/ask/safeguarding", {"answer": "yes"}, leads_to="/ask/safeguarding/now")
    page = browser.get("/referrals/ask/safeguarding/now").text
    assert "Ring now" in page
    assert "01225 396111" in page
    assert 'href="/referrals/ask/check"' in page
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    assert "01225 396111" in browser.get("/referrals/ask/sent").text.split("<main")[1]
    with running.database.read() as session:
        marked = session.scalars(sa.select(RequestRow).where(RequestRow.id != other)).one()
        first = session.get_one(RequestRow, other)
    worker = running.browser(a_person("front_door"))
    worklist = worker.get("/referrals/worklist").text
    assert worklist.index(marked.reference) < worklist.index(first.reference)
    assert "Safeguarding?" in worklist
    for page in (f"/referrals/requests/{marked.id}", f"/referrals/requests/{marked.id}/triage?outcome=safeguarding"):
        assert "says that this should be a safeguarding referral" in worker.get(page).text


def test_nothing_is_decided_by_itself(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running, a_document(safeguarding={"answer": "yes"}, worried_about="He was beaten."))
    with running.database.read() as session:
        row = session.get_one(RequestRow, request_id)
        assert (row.stage, row.urgency, list(row.decisions)) == ("received", "routine", [])


def test_a_portal_that_did_not_ask_is_said_to_have_not(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running, a_document(worried_about="She has been hit. No bruises."))
    page = running.browser(a_person("front_door")).get(f"/referrals/requests/{request_id}").text
    assert "was not asked about them" in page
    assert "<strong>“No bruises”</strong> (being hurt). This reads as if it did not happen" in page


def test_a_portal_says_why_not_for_a_professional(start: Start) -> None:
    running = start("referrals")
    refused = post(running, a_document(safeguarding={"answer": "no"}))
    assert refused.json["errors"][0]["pointer"] == "/safeguarding/why_not"
    assert post(running, a_document(safeguarding={"answer": "perhaps"})).status_code == 422
    sent(running, a_step_down(worried_about="He was beaten in May."))
    assert check_kept(running) is None
