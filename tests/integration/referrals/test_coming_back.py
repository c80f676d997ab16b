"""Save and come back: by link, by account, for as long as the authority keeps drafts, and nobody else's."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from services.referrals.jobs import delete_drafts
from services.referrals.tables import DraftRow
from shared.audit import audit
from shared.events.referrals import DraftLinkAsked
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.asking import CHILD, CONTACT, ask_as_parent, begin, submit

Start = Callable[..., Running]
WORD = "blue heron"


def drafts(running: Running) -> list[DraftRow]:
    with running.database.read() as session:
        return list(session.scalars(sa.select(DraftRow).order_by(DraftRow.created_at)))


def done(running: Running) -> list[str]:
    with running.database.read() as session:
        return [row.did for row in session.execute(sa.select(audit.c.did).order_by(audit.c.id))]


def half_done(running: Running) -> FlaskClient:
    browser = running.browser()
    begin(browser, "carer")
    submit(browser, "/ask/details", CONTACT["parent"], leads_to="/ask/children")
    submit(browser, "/ask/children/add", CHILD, leads_to="/ask/children/c1/more")
    return browser


def shown_link(browser: FlaskClient) -> str:
    submit(browser, "/ask/save", {"how": "shown"}, leads_to="/ask/saved")
    found = re.search(r"http://[^<]*?(/return/[\w-]+)", browser.get("/referrals/ask/saved").text)
    assert found
    return found.group(1)


def mailed_link(running: Running, browser: FlaskClient) -> str:
    mailing = {"how": "mailed", "email": "me@post.example", "word": WORD}
    submit(browser, "/ask/save", mailing, leads_to="/ask/saved")
    fact = running.announced(DraftLinkAsked)[-1]
    told = running.browser().get(
        f"/referrals/api/v1/drafts/{fact.draft_id}/links/{fact.number}", headers=running.as_neighbour("notifications")
    )
    link: Any = told.json
    assert link["email"] == "me@post.example"
    return str(link["path"]).removeprefix("/referrals")


def test_a_written_down_link_opens_the_draft_in_another_browser_again_and_again(start: Start) -> None:
    running = start("referrals")
    link = shown_link(half_done(running))
    for _ in range(2):
        other = running.browser()
        page = other.get(f"/referrals{link}")
        assert page.status_code == 200
        assert "Siobh" not in page.text, "nothing of the family is shown before somebody presses the button"
        assert other.get("/referrals/ask/children").location == "/referrals/start", "a mail scanner opens nothing"
        submit(other, link, {}, leads_to="/ask/children")
        assert "Nguyễn" in other.get("/referrals/ask/children").text


def test_the_code_of_a_link_can_be_typed_in(start: Start) -> None:
    running = start("referrals")
    link = shown_link(half_done(running))
    typed = link.removeprefix("/return/").lower().replace("-", " ")
    other = running.browser()
    submit(other, "/return", {"code": typed}, leads_to=link)
    assert submit(other, "/return", {"code": "not a code"}).status_code == 422


def test_the_address_of_a_link_says_nothing_about_anybody(start: Start) -> None:
    running = start("referrals")
    link = shown_link(half_done(running))
    assert re.fullmatch(r"/return/(\w{4}-){3}\w{4}", link)


def test_a_new_link_ends_the_one_before(start: Start) -> None:
    running = start("referrals")
    browser = half_done(running)
    first, second = shown_link(browser), shown_link(browser)
    assert first != second
    assert running.browser().get(f"/referrals{first}").status_code == 404
    assert submit(running.browser(), first, {}).status_code == 404
    assert running.browser().get(f"/referrals{second}").status_code == 200


def test_a_mailed_link_asks_for_the_word_and_only_so_often(start: Start) -> None:
    running = start("referrals")
    link = mailed_link(running, half_done(running))
    other = running.browser()
    assert submit(other, link, {}).status_code == 422
    for _ in range(5):
        assert submit(other, link, {"word": "herons"}).status_code == 422
    assert submit(other, link, {"word": WORD}).status_code == 429
    assert other.get("/referrals/ask/children").location == "/referrals/start"


def test_the_word_may_be_typed_with_capitals(start: Start) -> None:
    running = start("referrals")
    link = mailed_link(running, half_done(running))
    submit(running.browser(), link, {"word": "Blue Heron"}, leads_to="/ask/children")


def test_a_mailed_link_needs_an_address_and_a_word_and_nothing_typed_is_lost(start: Start) -> None:
    running = start("referrals")
    browser = half_done(running)
    response = submit(browser, "/ask/save", {"how": "mailed", "email": "me@post.example", "word": "abc"})
    assert response.status_code == 422
    assert "me@post.example" in response.text
    assert "4 letters or numbers at least" in response.text
    assert running.announced(DraftLinkAsked) == []


def test_what_is_announced_and_kept_says_neither_address_nor_code_nor_word(start: Start) -> None:
    running = start("referrals")
    link = mailed_link(running, half_done(running))
    [fact] = running.announced(DraftLinkAsked)
    [row] = drafts(running)
    assert (fact.draft_id, fact.number, fact.last_day_on) == (row.id, 1, date(2026, 12, 2))
    assert link.removeprefix("/return/") not in str(vars(row))
    assert WORD not in str(vars(row))


def test_an_older_link_is_not_mailed_any_more(start: Start) -> None:
    running = start("referrals")
    browser = half_done(running)
    mailed_link(running, browser)
    shown_link(browser)
    path = f"/referrals/api/v1/drafts/{drafts(running)[0].id}/links"
    for number in (1, 2):
        told = running.browser().get(f"{path}/{number}", headers=running.as_neighbour("notifications"))
        assert told.json == {"email": "", "path": ""}
    assert running.browser().get(f"{path}/1", headers=running.as_neighbour("panel")).status_code == 403


def test_a_stranger_cannot_have_a_mailbox_filled(start: Start) -> None:
    running = start("referrals")
    mailing = {"how": "mailed", "email": "stranger@post.example", "word": WORD}
    browser = half_done(running)
    codes = [submit(browser, "/ask/save", mailing).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]
    assert len(running.announced(DraftLinkAsked)) == 5


def test_a_link_ends_when_the_request_is_sent(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    ask_as_parent(browser)
    link = shown_link(browser)
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    assert running.browser().get(f"/referrals{link}").status_code == 404


def test_a_shared_computer_forgets_the_draft(start: Start) -> None:
    running = start("referrals")
    browser = half_done(running)
    link = shown_link(browser)
    submit(browser, "/ask/leave", {}, leads_to="/start")
    assert browser.get("/referrals/ask/children").location == "/referrals/start"
    submit(browser, link, {}, leads_to="/ask/children")


def test_a_draft_lasts_thirty_days_from_its_last_change_and_its_link_with_it(start: Start) -> None:
    running = start("referrals")
    browser = half_done(running)
    link = shown_link(browser)
    assert "Wednesday 2 December 2026" in browser.get("/referrals/ask/save").text
    running.clock.at += timedelta(days=30)
    assert running.browser().get(f"/referrals{link}").status_code == 200
    running.clock.at += timedelta(days=1)
    assert running.browser().get(f"/referrals{link}").status_code == 404
    assert browser.get("/referrals/ask/children").location == "/referrals/start"
    delete_drafts(running.resources, running.clock.now())
    assert drafts(running) == []
    assert done(running)[-1] == "removed_draft_at_its_end"


def test_a_change_lets_it_last_longer(start: Start) -> None:
    running = start("referrals")
    browser = half_done(running)
    running.clock.at += timedelta(days=29)
    submit(browser, "/ask/needs", {"needs": ["1"]})
    running.clock.at += timedelta(days=29)
    delete_drafts(running.resources, running.clock.now())
    assert len(drafts(running)) == 1
    assert browser.get("/referrals/ask/children").status_code == 200


def test_whoever_began_a_draft_deletes_it(start: Start) -> None:
    running = start("referrals")
    browser = half_done(running)
    assert "cannot be undone" in browser.get("/referrals/ask/delete").text
    submit(browser, "/ask/delete", {}, leads_to="/start")
    assert drafts(running) == []
    assert done(running)[-1] == "deleted_draft"


def test_a_signed_in_person_finds_what_they_began_in_any_browser_and_nobody_else_does(start: Start) -> None:
    running = start("referrals")
    school = a_person("referrer")
    first = running.browser(school)
    begin(first, "professional")
    submit(first, "/ask/children/add", CHILD, leads_to="/ask/children/c1/more")
    [row] = drafts(running)
    second = running.browser(school)
    page = second.get("/referrals/begun").text
    assert "Nguyễn" in page
    assert "Wednesday 2 December 2026" in page
    submit(second, f"/begun/{row.id}", {}, leads_to="/ask/details")
    assert "Nguyễn" in second.get("/referrals/ask/children").text
    for stranger in (running.browser(a_person("referrer")), running.browser(a_person("front_door", "administrator"))):
        assert "Nguyễn" not in stranger.get("/referrals/begun").text
        assert stranger.post(f"/referrals/begun/{row.id}").status_code == 404
        assert stranger.post(f"/referrals/begun/{row.id}/delete").status_code == 404
    assert running.browser().get("/referrals/begun").status_code == 302
    assert running.browser().post(f"/referrals/begun/{uuid4()}").status_code == 302


def test_a_draft_with_an_account_has_no_link(start: Start) -> None:
    running = start("referrals")
    browser = running.browser(a_person("referrer"))
    begin(browser, "professional")
    page = browser.get("/referrals/ask/save").text
    assert "Requests you have begun" in page
    assert 'name="how"' not in page
    assert submit(browser, "/ask/save", {"how": "shown"}).status_code == 403


def test_a_signed_in_person_deletes_one_of_what_they_began(start: Start) -> None:
    running = start("referrals")
    browser = running.browser(a_person("referrer"))
    begin(browser, "professional")
    [row] = drafts(running)
    submit(browser, f"/begun/{row.id}/delete", {}, leads_to="/ask/delete")
    submit(browser, "/ask/delete", {}, leads_to="/start")
    assert drafts(running) == []


def test_a_draft_begun_before_signing_in_can_be_kept_with_the_account(start: Start) -> None:
    running = start("referrals")
    school = a_person("referrer")
    browser = half_done(running)
    link = shown_link(browser)
    cookie = browser.get_cookie("early_help_referrals", path="/referrals")
    assert cookie is not None
    signed_in = running.browser(school)
    signed_in.set_cookie("early_help_referrals", cookie.value, path="/referrals")
    assert "Keep it with my account" in signed_in.get("/referrals/ask/save").text
    submit(signed_in, "/ask/save/account", {}, leads_to="/begun")
    assert drafts(running)[0].person_id == school.person_id
    assert running.browser().get(f"/referrals{link}").status_code == 404
    assert browser.get("/referrals/ask/children").location == "/referrals/start"


@pytest.mark.parametrize("code", ["x", "7K3Q-WD9M-2XHT-4CFG", "%20", "é"])
def test_a_link_that_was_never_made_leads_to_a_page_that_says_so(start: Start, code: str) -> None:
    response = start("referrals").browser().get(f"/referrals/return/{code}")
    assert response.status_code == 404
    assert "This link cannot be used" in response.text
