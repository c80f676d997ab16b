"""Consent in the pages of asking: a professional says each person's answers, a family its own."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from services.referrals.tables import ConsentRow
from tests.integration.conftest import Running
from tests.integration.referrals.asking import (
    ADULT,
    CHILD,
    CONSENT,
    CONSENT_BY_PROFESSIONAL,
    ask_as_parent,
    ask_as_professional,
    submit,
)

Start = Callable[..., Running]
YOUNG: dict[str, Any] = CHILD | {"given_name": "Rowan", "date_of_birth-year": "2010"}
FATHER: dict[str, Any] = ADULT | {"given_name": "Dan", "relationship": "father", "mobile": "", "safe_channels": []}


def _answers(running: Running) -> set[tuple[str, str, str]]:
    with running.database.read() as session:
        return {(row.kind, row.by_ref, row.answer) for row in session.scalars(sa.select(ConsentRow))}


def _with_more_people(browser: FlaskClient, *adults: dict[str, Any], children: tuple[dict[str, Any], ...] = ()) -> None:
    """Go through every page as a professional, then add these people; the consent page is to be answered for them."""
    ask_as_professional(browser)
    for number, adult in enumerate(adults, start=2):
        submit(browser, "/ask/adults/add", adult, leads_to=f"/ask/adults/a{number}/more")
    for number, child in enumerate(children, start=2):
        submit(browser, "/ask/children/add", child, leads_to=f"/ask/children/c{number}/more")


def test_every_holder_and_young_person_has_a_page_of_their_own(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    _with_more_people(browser, FATHER, children=(YOUNG,))
    assert browser.get("/referrals/ask/check").location == "/referrals/ask/consent", "they were not asked yet"
    assert browser.get("/referrals/ask/consents").location == "/referrals/ask/consents/a2"
    page = browser.get("/referrals/ask/consents/a2").text
    assert "What did Dan O&#39;Brien answer?" in page
    assert 'value="Megan O&#39;Brien"' in page, "who asked them is mostly the same person"
    submit(browser, "/ask/consents/a2", CONSENT_BY_PROFESSIONAL, leads_to="/ask/consents/c2")
    not_asked = dict.fromkeys(("to_ask", "to_share", "to_research"), "not_asked")
    submit(browser, "/ask/consents/c2", not_asked | {"note": "She was at school."}, leads_to="/ask/check")
    page = browser.get("/referrals/ask/check").text
    assert "To make this request: not asked" in page
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    assert {("to_ask", "a1", "given"), ("to_ask", "a2", "given"), ("to_ask", "c2", "not_asked")} < _answers(running)


def test_what_is_missing_is_said_at_its_field(start: Start) -> None:
    browser = start("referrals").browser()
    ask_as_professional(browser)
    given = {"to_ask": "given", "to_share": "given", "to_research": "refused"}
    page = submit(browser, "/ask/consents/a1", given | {"at_time": "soon"}).text
    assert "Time when they answered must be a time, like 2:30pm" in page
    page = submit(browser, "/ask/consents/a1", given).text
    for words in ("Say how they agreed", "Enter the date when they answered", "Enter the name of who asked them"):
        assert words in page
    page = submit(browser, "/ask/consents/c1", CONSENT_BY_PROFESSIONAL | {"because": "She asked for it."}).text
    assert "Enter the name of who judged it" in page


def test_somebody_else_s_answer_can_be_added_from_the_list(start: Start) -> None:
    browser = start("referrals").browser()
    ask_as_professional(browser)
    page = browser.get("/referrals/ask/consents?from=check").text
    assert "Did somebody else answer?" in page
    assert "/referrals/ask/consents/c1" in page
    submit(browser, "/ask/consents", {}, leads_to="/ask/check")
    assert browser.get("/referrals/ask/consents/c9").status_code == 404


def test_while_nobody_is_known_to_hold_responsibility_every_adult_is_asked(start: Start) -> None:
    browser = start("referrals").browser()
    ask_as_professional(browser)
    unknown = ADULT | {"parental_responsibility": "unknown"}
    submit(browser, "/ask/adults/a1", unknown, leads_to="/ask/adults")
    assert "Ana O&#39;Brien" in browser.get("/referrals/ask/consents").text


def test_a_family_that_says_no_is_taken_at_its_word(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    ask_as_parent(browser)
    assert "We would like to look at what help would be right" in browser.get("/referrals/ask/consent").text
    no = CONSENT | {"to_ask": "no", "to_share": "no", "by": []}
    submit(browser, "/ask/consent", no, leads_to="/ask/check")
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    assert _answers(running) == {(kind, "a1", "refused") for kind in ("to_ask", "to_share", "to_research")}


def test_an_answer_of_somebody_who_is_taken_out_is_taken_out_too(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    _with_more_people(browser, FATHER)
    submit(browser, "/ask/consents/a2", CONSENT_BY_PROFESSIONAL, leads_to="/ask/check")
    submit(browser, "/ask/adults/a2/remove", {}, leads_to="/ask/adults")
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    assert {by for _, by, _ in _answers(running)} == {"a1"}
