"""Every page of the portal and the front door is opened once: accessible, and no wider than its window.

A page that is new, and has no line here, fails the first test.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from services.referrals.rules import journey
from tests.architecture.test_routes import app_of
from tests.integration.referrals.asking import ADDRESS, ADULT, CHILD, CONTACT, PROFESSIONAL
from tests.journeys.arranging import Arranged
from tests.journeys.browsing import NARROW, assert_accessible, assert_fits

OpenPage = Callable[..., Page]
_GROUPS = list(journey.GROUPS)
_STEPS = ("who", "details", "about", "contact", "needs", "story", "level", "consent", "step_down")
_OUTCOMES = (
    "panel", "service", "signpost", "more_information", "ask_consent", "no_further_action", "safeguarding",
    "add_to_plan", "withdraw",
)  # fmt: skip

_SAMPLE = "09-six-brothers-and-sisters"

PUBLIC = {
    "pages.start": ["/start"],
    "pages.safety": ["/start/safety"],
    "pages.stop": ["/start/stop"],
    "pages.privacy": ["/privacy"],
    "pages.follow": ["/follow"],
    "pages.enter_code": ["/return"],
    "pages.come_back_by_link": ["/return/abcd-efgh-jkmn-pqrs"],
}
ASKING = {
    "pages.ask_step": [f"/ask/{step}" for step in _STEPS],
    "pages.ask_list": [f"/ask/{group}" for group in _GROUPS],
    "pages.add_item": [*(f"/ask/{group}/add" for group in _GROUPS), "/ask/children/add?unborn=yes"],
    "pages.change_item": ["/ask/children/c1", "/ask/adults/a1"],
    "pages.ask_more": ["/ask/children/c1/more", "/ask/adults/a1/more"],
    "pages.ask_attachments": ["/ask/attachments"],
    "pages.ask_consents": ["/ask/consents"],
    "pages.ask_consent": ["/ask/consents/a1"],
    "pages.ask_safeguarding": ["/ask/safeguarding"],
    "pages.safeguarding_now": ["/ask/safeguarding/now"],
    "pages.check": ["/ask/check"],
    "pages.print_check": ["/ask/check/print"],
    "pages.waiting": ["/ask/waiting"],
    "pages.save": ["/ask/save"],
    "pages.saved": ["/ask/saved"],
    "pages.delete": ["/ask/delete"],
}
SENT = {
    "pages.confirmation": ["/ask/sent"],
    "pages.print_just_sent": ["/ask/sent/print"],
    "pages.begun": ["/begun"],
    "pages.sent": ["/sent"],
    "pages.sent_request": ["/sent/{sent}"],
    "pages.print_sent": ["/sent/{sent}/print"],
    "pages.amend_sent": ["/sent/{sent}/amend"],
    "pages.withdraw_sent": ["/sent/{sent}/withdraw"],
}
FOLLOWING = {
    "pages.followed": ["/follow/progress"],
    "pages.amend_followed": ["/follow/amend"],
    "pages.withdraw_followed": ["/follow/withdraw"],
}
FRONT_DOOR = {
    "pages.worklist": ["/worklist", "/worklist?stage=at_panel"],
    "pages.amended": ["/amended"],
    "pages.register": ["/register"],
    "pages.request_page": ["/requests/{request}", f"/requests/{uuid4()}"],
    "pages.triage_page": [
        "/requests/{request}/triage",
        *(f"/requests/{{request}}/triage?outcome={outcome}" for outcome in _OUTCOMES),
    ],
    "pages.consent": ["/requests/{request}/consent"],
    "pages.consent_answer": ["/requests/{request}/consent/answer?by=a1"],
    "pages.consent_override": ["/requests/{request}/consent/override"],
    "pages.take_over_page": ["/requests/{request}/take-over"],
    "pages.correct": [
        "/requests/{request}/correct/children/{child}",
        "/requests/{request}/correct/adults/{adult}",
        "/requests/{request}/correct/addresses/{home}",
        "/requests/{request}/correct/addresses/new",
    ],
}
NOT_PAGES = {"pages.home": "leads on", "pages.attachment": "a file"}


def looked_at(page: Page, paths: Iterable[str]) -> None:
    """Open each page, also one that leads to another or says no, and check where it ends."""
    for path in paths:
        page.goto(f"/referrals{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert_accessible(page)
        assert_fits(page)


def every(pages: dict[str, list[str]], **named: Any) -> list[str]:
    """Return the addresses of a group of pages."""
    return [path.format(**named) if "{" in path else path for paths in pages.values() for path in paths]


def test_every_page_is_in_one_of_the_lists() -> None:
    rules = app_of("referrals").url_map.iter_rules()
    there = {rule.endpoint for rule in rules if rule.endpoint.startswith("pages.") and "GET" in (rule.methods or ())}
    assert there == {*PUBLIC, *ASKING, *SENT, *FOLLOWING, *FRONT_DOOR, *NOT_PAGES}


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("asking", ["carer", "professional"])
def test_every_page_of_asking_for_help(open_page: OpenPage, asking: str) -> None:
    page = open_page("school" if asking == "professional" else "", width=NARROW)
    looked_at(page, every(PUBLIC))
    _ask(page, asking)
    looked_at(page, every(ASKING))


@pytest.mark.browser
@pytest.mark.slow
def test_every_page_of_what_was_sent(open_page: OpenPage, arranged: Arranged) -> None:
    reference = arranged.sent(_SAMPLE)["reference"]
    contact = arranged.documents[_SAMPLE]["referrer"]["email"]
    page = open_page("school", width=NARROW)
    page.goto("/referrals/sent")
    own = page.locator("main a[href*='/referrals/sent/']")
    sent = str(own.first.get_attribute("href")).rpartition("/")[2] if own.count() else uuid4()
    looked_at(page, every(SENT, sent=sent))
    page.goto("/referrals/follow")
    page.locator("#reference").fill(reference)
    page.locator("#contact").fill(str(contact))
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_url("**/follow/progress")
    looked_at(page, every(FOLLOWING))


@pytest.mark.browser
@pytest.mark.slow
def test_every_page_of_the_front_door(open_page: OpenPage, arranged: Arranged) -> None:
    document, request_id = arranged.documents[_SAMPLE], arranged.sent(_SAMPLE)["request_id"]
    groups = {"child": "children", "adult": "adults", "home": "addresses"}
    refs = {one: document[group][0]["ref"] for one, group in groups.items()}
    page = open_page("front-door", width=NARROW)
    looked_at(page, every(FRONT_DOOR, request=request_id, **refs))


def _ask(page: Page, asking: str) -> None:
    """Begin a request and add a child and an adult: by forms, sent as the page would."""
    page.goto("/referrals/start/safety")
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/ask/who")
    _send(page, {"asking": asking})
    page.wait_for_url("**/ask/details")
    _send(page, CONTACT["parent"] if asking == "carer" else PROFESSIONAL)
    for path, answers in (("/ask/children/add", CHILD), ("/ask/adults/add", ADULT), ("/ask/addresses/add", ADDRESS)):
        page.goto(f"/referrals{path}")
        _send(page, answers)
        page.wait_for_load_state()


def _send(page: Page, answers: dict[str, Any]) -> None:
    for name, answer in answers.items():
        for value in answer if isinstance(answer, list) else [answer]:
            box = page.locator(f"[name='{name}']").first
            kind = box.evaluate("box => box.tagName == 'INPUT' ? box.type : box.tagName")
            if kind in ("radio", "checkbox"):
                page.locator(f"[name='{name}'][value='{value}']").check()
            elif kind == "SELECT":
                box.select_option(value=value)
            else:
                box.fill(str(value))
    page.get_by_role("main").locator("form[method=post]").get_by_role("button").first.click()
