"""A family that we may know already is offered while the request is written, to whoever may know of it."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from services.referrals.jobs import fetch_names
from shared.audit import audit
from shared.events.directory import AgencyChanged
from shared.identity import Person
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.asking import ask_as_parent, ask_as_professional, submit
from tests.integration.referrals.documents import a_document, an_acceptance, consented, sent, triaged

Start = Callable[..., Running]
KNOWN = "We may know this family already"
LED_BY = "Tariq Aziz"


def _with_a_plan(start: Start, document: dict[str, Any] | None = None) -> tuple[Running, str]:
    """Give a service that knows the family of `asking.py`, whose plan Tariq Aziz leads, and its reference."""
    running = start("referrals")
    request_id = sent(running, document)
    accepted = an_acceptance(running, request_id)
    running.hears(AgencyChanged(accepted.agency_id, "Riverbank Youth", True))
    triaged(running, request_id)
    running.neighbours.answers[("directory", f"/people/{accepted.practitioner_id}")] = {
        "name": LED_BY, "agency_name": "Riverbank Youth", "mobile": "07700 900555",
    }  # fmt: skip
    running.hears(accepted)
    fetch_names(running.resources)
    return running, accepted.reference


def _questions(running: Running) -> list[dict[str, Any]]:
    with running.database.read() as session:
        return list(session.scalars(sa.select(audit.c.details).where(audit.c.did == "asked_register")))


def _says_nothing(page: str) -> None:
    for words in (LED_BY, KNOWN, "A plan is open", "may already have"):
        assert words not in page


def _checked(running: Running, person: Person | None, asking: str = "professional") -> Any:
    browser = running.browser(person)
    if asking == "professional":
        ask_as_professional(browser)
    else:
        ask_as_parent(browser, asking)
    return browser


def test_who_writes_it_down_for_a_caller_sees_who_is_known_why_and_who_leads_the_plan(start: Start) -> None:
    running, reference = _with_a_plan(start)
    page = _checked(running, a_person("front_door"), "caller").get("/referrals/ask/check").text
    assert KNOWN in page
    assert "Siobhán Nguyễn: Same name" in page
    assert LED_BY in page
    assert reference in page
    assert {"purpose": "new_request", "answered": "all"}.items() <= _questions(running)[-1].items()


def test_a_professional_whose_family_agreed_is_told_who_leads_and_nothing_else_of_them(start: Start) -> None:
    running, reference = _with_a_plan(start)
    page = _checked(running, a_person("referrer")).get("/referrals/ask/check").text
    assert LED_BY in page
    assert "07700 900555" in page
    assert reference not in page
    assert "Same name" not in page
    assert {"has_consent": True, "answered": "who_leads"}.items() <= _questions(running)[-1].items()


def test_without_the_family_s_agreement_the_rule_of_the_authority_holds(start: Start) -> None:
    running, _ = _with_a_plan(start)
    browser = _checked(running, a_person("referrer"))
    refused = {"to_ask": "refused", "to_share": "refused", "to_research": "refused", "how": "verbal", "on-day": "28"}
    submit(browser, "/ask/consents/a1", refused | {"on-month": "10", "on-year": "2026", "obtained_by": "Megan"})
    page = browser.get("/referrals/ask/check").text
    assert "Check your answers" in page
    _says_nothing(page)


@pytest.mark.parametrize("asking", ["professional", "carer", "young_person"])
def test_whoever_has_no_account_learns_nothing_and_nothing_is_looked_for(start: Start, asking: str) -> None:
    running, _ = _with_a_plan(start)
    page = _checked(running, None, asking).get("/referrals/ask/check").text
    assert "Check your answers" in page
    _says_nothing(page)
    assert _questions(running) == []


def test_an_agency_that_the_family_left_out_learns_nothing(start: Start) -> None:
    running, _ = _with_a_plan(start, a_document(consent=consented(to_share={"not_with": ["A sample agency"]})))
    page = _checked(running, a_person("referrer")).get("/referrals/ask/check").text
    _says_nothing(page)


def test_a_family_that_nobody_knows_is_not_remarked_upon(start: Start) -> None:
    running = start("referrals")
    page = _checked(running, a_person("front_door"), "caller").get("/referrals/ask/check").text
    assert KNOWN not in page
    assert _questions(running)[-1]["families"] == []
