"""Add to, correct and withdraw what was sent: beside it, once, by whom it is theirs, and everybody is told."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from services.referrals.tables import AmendmentRow, RequestRow
from shared.audit import audit
from shared.events import panel
from shared.events.referrals import RequestAmended, RequestWithdrawn
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.asking import ask_as_professional, submit
from tests.integration.referrals.documents import an_acceptance, ids_of, sent, signed_on_page, triaged

Start = Callable[..., Running]
FAMILY, REFERRER = "07700 900123", "megan@school.example"
MORE = {"about": "story", "kind": "added", "words": "The school has excluded her."}
WRONG = {"about": "children", "kind": "corrected", "was": "Year 3", "words": "Year 4"}
WHY = {"reason": "helped", "words": "Her aunt helps now."}
FRONT_DOOR = a_person("front_door", name="Hannah Whitcombe")


def row_of(running: Running, request_id: UUID) -> RequestRow:
    with running.database.read() as session:
        return session.get_one(RequestRow, request_id)


def amendments(running: Running) -> list[AmendmentRow]:
    with running.database.read() as session:
        return list(session.scalars(sa.select(AmendmentRow).order_by(AmendmentRow.number)))


def follower(running: Running, request_id: UUID, contact: str = FAMILY) -> FlaskClient:
    browser = running.browser()
    found = {"reference": row_of(running, request_id).reference, "contact": contact}
    assert browser.post("/referrals/follow", data=found).status_code == 302
    return browser


def fills_in(browser: FlaskClient, path: str, data: dict[str, str], *, key: str = "") -> Any:
    page = browser.get(f"/referrals{path}").text
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found, page
    return browser.post(f"/referrals{path}", data={"key": key or found.group(1)} | data)


def request_page(running: Running, request_id: UUID) -> str:
    return str(running.browser(FRONT_DOOR).get(f"/referrals/requests/{request_id}").text)


def with_a_plan(running: Running, request_id: UUID) -> None:
    triaged(running, request_id)
    running.hears(an_acceptance(running, request_id))


@pytest.mark.parametrize(("contact", "by"), [(FAMILY, "family"), (REFERRER, "referrer")])
def test_more_is_kept_beside_what_was_sent_with_who_and_when(start: Start, contact: str, by: str) -> None:
    running = start("referrals")
    request_id = sent(running)
    before = vars(row_of(running, request_id))["worried_about"]
    browser = follower(running, request_id, contact)
    assert fills_in(browser, "/follow/amend", MORE).location == "/referrals/follow/progress"
    [kept] = amendments(running)
    assert (kept.kind, kept.about, kept.words, kept.by, kept.person_id) == ("added", "story", MORE["words"], by, None)
    assert (kept.at, kept.stage) == (running.clock.now(), "received")
    assert row_of(running, request_id).worried_about == before
    page = browser.get("/referrals/follow/progress").text
    assert "More was said about the request." in page
    assert MORE["words"] not in page, "a reference and a telephone show nothing of the story"


def test_a_correction_keeps_from_and_to(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    fills_in(follower(running, request_id), "/follow/amend", WRONG)
    page = request_page(running, request_id)
    assert "Year 3" in page
    assert "Year 4" in page
    assert "Corrected: The children" in page
    assert "by the family" in page.lower()


def test_who_sent_it_with_an_account_sees_what_they_said_and_nobody_else_may(start: Start) -> None:
    running = start("referrals")
    school = a_person("referrer", name="Megan O'Brien")
    browser = running.browser(school)
    ask_as_professional(browser)
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    with running.database.read() as session:
        request_id = session.scalars(sa.select(RequestRow.id)).one()
    assert fills_in(browser, f"/sent/{request_id}/amend", MORE).location == f"/referrals/sent/{request_id}"
    assert MORE["words"] in browser.get(f"/referrals/sent/{request_id}").text
    assert amendments(running)[0].person_id == school.person_id
    stranger = running.browser(a_person("referrer"))
    for path in ("amend", "withdraw"):
        assert stranger.get(f"/referrals/sent/{request_id}/{path}").status_code == 404
        assert (
            stranger.post(f"/referrals/sent/{request_id}/{path}", data={"key": str(uuid4())} | MORE | WHY).status_code
            == 404
        )
        assert running.browser().get(f"/referrals/follow/{path}").location == "/referrals/follow"
        assert running.browser().post(f"/referrals/follow/{path}").location == "/referrals/follow"


def test_a_double_click_says_it_once(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    browser, key = follower(running, request_id), str(uuid4())
    cookie = browser.get_cookie("early_help_referrals", path="/referrals")
    assert cookie is not None

    def press(_: int) -> int:
        tab = running.browser()
        tab.set_cookie("early_help_referrals", cookie.value, path="/referrals")
        return tab.post("/referrals/follow/amend", data={"key": key} | MORE).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(press, range(8))) == {302}
    assert len(amendments(running)) == 1
    assert len(running.announced(RequestAmended)) == 1


def test_the_key_of_another_request_shows_and_changes_nothing(start: Start) -> None:
    running = start("referrals")
    first, second = sent(running), sent(running)
    fills_in(follower(running, first), "/follow/amend", MORE)
    key = str(amendments(running)[0].id)
    assert fills_in(follower(running, second), "/follow/amend", MORE, key=key).status_code == 404
    assert len(amendments(running)) == 1


def test_going_back_and_sending_other_words_loses_neither(start: Start) -> None:
    running = start("referrals")
    browser, key = follower(running, sent(running)), str(uuid4())
    other = {**MORE, "words": "She is back at school."}
    assert fills_in(browser, "/follow/amend", MORE, key=key).status_code == 302
    told = fills_in(browser, "/follow/amend", other, key=key)
    assert told.status_code == 409
    assert "This was sent before with other words." in told.text
    assert other["words"] in told.text
    [new_key] = re.findall(r'name="key" value="([^"]+)"', told.text)
    assert fills_in(browser, "/follow/amend", other, key=new_key).status_code == 302
    assert [row.words for row in amendments(running)] == [MORE["words"], other["words"]]


@pytest.mark.parametrize("wrong", [{"words": ""}, {"about": ""}, {"kind": "corrected", "was": ""}])
def test_a_mistake_is_shown_and_nothing_typed_is_lost(start: Start, wrong: dict[str, str]) -> None:
    running = start("referrals")
    browser = follower(running, sent(running))
    response = fills_in(browser, "/follow/amend", {**WRONG, "words": "Only Year 4", **wrong})
    assert response.status_code == 422
    assert "Year 3" in response.text or "Only Year 4" in response.text
    assert amendments(running) == []


def test_the_front_door_sees_what_is_new_until_somebody_has_read_it(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    fills_in(follower(running, request_id), "/follow/amend", MORE)
    door = running.browser(FRONT_DOOR)
    assert "1 thing was said after a request was sent" in door.get("/referrals/worklist").text
    assert row_of(running, request_id).reference in door.get("/referrals/amended").text
    assert ">New<" in request_page(running, request_id)
    path = f"/referrals/requests/{request_id}/amendments/{amendments(running)[0].id}/read"
    assert running.browser(a_person("referrer")).post(path).status_code == 403
    assert door.post(path).status_code == 302
    assert ">New<" not in request_page(running, request_id)
    assert "Read by Hannah Whitcombe" in request_page(running, request_id)
    assert "Everything has been read." in door.get("/referrals/amended").text
    assert door.post(f"/referrals/requests/{uuid4()}/amendments/{amendments(running)[0].id}/read").status_code == 404


def test_whoever_decides_at_that_moment_is_told_first(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    seen = row_of(running, request_id).version
    fills_in(follower(running, request_id), "/follow/amend", MORE)
    assert row_of(running, request_id).version == seen + 1


def test_what_is_announced_says_ids_only_and_who_decided_last(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id, FRONT_DOOR)
    fills_in(follower(running, request_id), "/follow/amend", MORE)
    [fact] = running.announced(RequestAmended)
    assert (fact.request_id, fact.kind, fact.by) == (request_id, "added", "family")
    assert (fact.amendment_id, fact.front_door_id) == (amendments(running)[0].id, FRONT_DOOR.person_id)
    assert MORE["words"] not in str(vars(fact))


def test_while_safe_contact_is_unread_nobody_in_the_family_is_written_to(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    told = f"/referrals/api/v1/requests/{request_id}/contacts"

    def is_held() -> bool:
        answer: Any = running.browser().get(told, headers=running.as_neighbour("notifications")).json
        return bool(answer["is_held"])

    assert not is_held()
    unsafe = {"about": "contact", "kind": "added", "words": "He has her telephone now."}
    fills_in(follower(running, request_id), "/follow/amend", unsafe)
    assert is_held()
    path = f"/referrals/requests/{request_id}/amendments/{amendments(running)[0].id}/read"
    running.browser(FRONT_DOOR).post(path)
    assert not is_held()


def test_the_panel_reads_what_was_said_but_not_where_a_family_is(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    browser = follower(running, request_id)
    fills_in(browser, "/follow/amend", MORE)
    fills_in(
        browser,
        "/follow/amend",
        {"about": "addresses", "kind": "corrected", "was": "1 Old Road", "words": "2 New Road"},
    )
    path = f"/referrals/api/v1/requests/{request_id}/paper"
    paper: Any = running.browser().get(path, headers=running.as_neighbour("panel")).json
    first, second = paper["said_later"]
    assert (first["words"], first["on"]) == (MORE["words"], running.clock.now().date().isoformat())
    assert "New Road" not in str(second)
    assert "Old Road" not in str(second)
    assert "2 New Road" in request_page(running, request_id)


# Withdrawing


@pytest.mark.parametrize("stage", ["received", "at_panel", "placed", "offered"])
def test_a_request_that_nobody_helps_with_yet_is_withdrawn_at_once(start: Start, stage: str) -> None:
    running = start("referrals")
    request_id = sent(running)
    ids = ids_of(running, request_id)
    if stage != "received":
        triaged(running, request_id)
    if stage == "placed":
        running.hears(panel.RequestPlaced(**ids, meeting_id=uuid4(), held_on=date(2026, 11, 12), times_carried=0))
    if stage == "offered":
        running.hears(
            panel.AllocationOffered(
                uuid4(), **ids, agency_id=uuid4(), service_id=uuid4(), meeting_id=None, answer_due_on=date(2026, 11, 9)
            )
        )
    assert row_of(running, request_id).stage == stage
    browser = follower(running, request_id)
    assert fills_in(browser, "/follow/withdraw", WHY).location == "/referrals/follow/progress"
    assert row_of(running, request_id).stage == "withdrawn"
    [fact] = running.announced(RequestWithdrawn)
    assert (fact.request_id, fact.by) == (request_id, "family")
    assert "It is finished." in browser.get("/referrals/follow/progress").text
    page = request_page(running, request_id)
    assert WHY["words"] in page
    assert "There is help already" in page
    assert "Her aunt" not in browser.get("/referrals/follow/progress").text
    assert browser.get("/referrals/follow/amend").text.count("This request has ended") == 1
    running.hears(panel.RequestPlaced(**ids, meeting_id=uuid4(), held_on=date(2026, 11, 12), times_carried=0))
    assert row_of(running, request_id).stage == "withdrawn", "a late message brings nothing back"


def test_a_withdrawn_request_can_be_taken_up_again_by_the_front_door(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    fills_in(follower(running, request_id), "/follow/withdraw", WHY)
    triaged(running, request_id)
    assert row_of(running, request_id).stage == "at_panel"


def test_with_a_worker_the_wish_to_stop_is_passed_on_and_ends_nothing(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    with_a_plan(running, request_id)
    browser = follower(running, request_id)
    assert "Ask that the help stops" in browser.get("/referrals/follow/progress").text
    fills_in(browser, "/follow/withdraw", WHY)
    assert row_of(running, request_id).stage == "accepted"
    assert running.announced(RequestWithdrawn) == []
    [fact] = running.announced(RequestAmended)
    assert fact.kind == "wants_to_stop"


def test_what_social_care_has_is_not_withdrawn_here(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id, outcome="safeguarding")
    browser = follower(running, request_id, REFERRER)
    assert "cannot be withdrawn here" in browser.get("/referrals/follow/withdraw").text
    response = browser.post("/referrals/follow/withdraw", data={"key": str(uuid4())} | WHY)
    assert response.status_code == 409
    assert WHY["words"] in response.text
    assert row_of(running, request_id).stage == "safeguarding"


def test_a_referrer_whom_the_family_leaves_out_can_do_neither(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    browser = follower(running, request_id, REFERRER)
    door = running.browser(a_person("front_door"))
    left_out = signed_on_page(not_with="Twerton Meadow Primary School")
    assert door.post(f"/referrals/requests/{request_id}/consent/answer?by=a1", data=left_out).status_code == 302
    for path in ("amend", "withdraw"):
        assert browser.post(f"/referrals/follow/{path}", data={"key": str(uuid4())} | MORE | WHY).status_code == 404
    assert amendments(running) == []


def test_every_amendment_and_withdrawal_is_in_the_audit_without_a_word_of_it(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    browser = follower(running, request_id)
    fills_in(browser, "/follow/amend", MORE)
    fills_in(browser, "/follow/withdraw", WHY)
    with running.database.read() as session:
        lines = session.execute(sa.select(audit).where(audit.c.did == "amended").order_by(audit.c.id)).all()
    assert [(line.who, line.details) for line in lines] == [
        ("visitor", {"kind": "added"}),
        ("visitor", {"kind": "withdrawn"}),
    ]


def test_nobody_works_any_more_on_what_was_withdrawn_and_any_colleague_may_decide_anew(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    running.browser(FRONT_DOOR).post(f"/referrals/requests/{request_id}/take-on")
    assert row_of(running, request_id).worker_id == FRONT_DOOR.person_id
    fills_in(follower(running, request_id), "/follow/withdraw", WHY)
    assert (row_of(running, request_id).stage, row_of(running, request_id).worker_id) == ("withdrawn", None)
    assert triaged(running, request_id).status_code == 201


def test_a_letter_goes_to_the_home_that_is_safe_and_waits_while_news_is_unread(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    path = f"/referrals/api/v1/requests/{request_id}/letters"

    def asked() -> Any:
        return running.browser().get(path, headers=running.as_neighbour("panel")).json

    with running.database.read() as session:
        row = session.get_one(RequestRow, UUID(str(request_id)))
        safe = {one.ref for one in row.addresses if one.may_write}
        wants = {one.ref for one in row.adults if "letter" in one.safe_channels}
    told = asked()
    assert {one["home_ref"] for one in told["homes"]} <= safe
    assert {adult["ref"] for one in told["homes"] for adult in one["adults"]} <= wants
    assert not told["is_held"]
    assert running.browser().get(path, headers=running.as_neighbour("notifications")).status_code == 403
    fills_in(follower(running, request_id), "/follow/amend", {"about": "contact", "kind": "added", "words": "Moved."})
    assert asked()["is_held"]
