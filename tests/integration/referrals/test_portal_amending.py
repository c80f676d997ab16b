"""A portal adds to, corrects and withdraws what it sent: by the rules of the pages, once however often it tries."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.referrals.tables import AmendmentRow, RequestRow
from shared.audit import audit
from shared.events.referrals import RequestAmended, RequestWithdrawn
from tests.factories import a_person
from tests.integration.conftest import PORTAL_TOKEN, Running
from tests.integration.referrals.documents import a_document, an_acceptance, sent, signed_on_page, triaged

Start = Callable[..., Running]
MORE = {"about": "story", "kind": "added", "words": "The school has excluded her."}
WRONG = {"about": "children", "kind": "corrected", "was": "Year 3", "words": "Year 4"}
OTHER_TOKEN = "the token of another portal that only the tests know"
WHY = {"reason": "helped", "words": "Her aunt helps now."}


def send(
    running: Running, request_id: UUID, what: str, body: dict[str, Any], *, key: str = "", token: str = PORTAL_TOKEN
) -> Any:
    """Send an amendment or a withdrawal as a portal does."""
    return running.app.test_client().post(
        f"/referrals/api/v1/requests/{request_id}/{what}",
        json=body,
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key or uuid4().hex},
    )


def status(running: Running, request_id: UUID) -> Any:
    """Return what the portal is told of how a request stands."""
    path = f"/referrals/api/v1/requests/{request_id}/status"
    return running.app.test_client().get(path, headers={"Authorization": f"Bearer {PORTAL_TOKEN}"})


def amendments(running: Running) -> list[AmendmentRow]:
    """Return everything that was said later."""
    with running.database.read() as session:
        return list(session.scalars(sa.select(AmendmentRow).order_by(AmendmentRow.number)))


def stage(running: Running, request_id: UUID) -> str:
    """Return where the request stands."""
    with running.database.read() as session:
        return session.get_one(RequestRow, request_id).stage


@pytest.mark.parametrize("by", ["referrer", "family"])
def test_what_is_added_and_corrected_stands_beside_what_was_sent_and_everybody_is_told(start: Start, by: str) -> None:
    running = start("referrals")
    document = a_document()
    own = {"source": "1A", "role": "", "organisation": ""} if by == "family" else {}
    request_id = sent(running, document | {"referrer": document["referrer"] | own})
    triaged(running, request_id)
    response = send(running, request_id, "amendments", WRONG)
    assert response.status_code == 201, response.text
    assert response.json["version"] == 3
    assert "the meeting sees that something was added" in response.json["what_happens"]
    [row] = amendments(running)
    assert (row.by, row.kind, row.was, row.words, row.person_id) == (by, "corrected", "Year 3", "Year 4", None)
    [fact] = running.announced(RequestAmended)
    assert (fact.amendment_id, fact.by, fact.front_door_id is None) == (row.id, by, False)
    assert str(row.id) == response.json["amendment_id"]


def test_the_same_key_says_it_once_also_at_the_same_moment_and_another_body_is_refused(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: send(running, request_id, "amendments", MORE, key="one"), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json["amendment_id"] for answer in answers}) == 1
    other = send(running, request_id, "amendments", MORE | {"words": "She is back."}, key="one")
    assert (other.status_code, other.json["detail"]) == (
        409, "This was sent before with other words. What was sent then is kept; send what is new once more.",
    )  # fmt: skip
    assert send(running, request_id, "withdrawal", WHY, key="one").status_code == 409
    assert send(running, sent(running), "amendments", MORE, key="one").status_code == 201
    assert len(amendments(running)) == 2
    assert send(running, request_id, "amendments", MORE, key="two").status_code == 201


def test_who_has_not_seen_the_newest_is_told_and_writes_nothing(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    assert send(running, request_id, "amendments", MORE | {"version": 1}, key="first").status_code == 201
    for what, body in (("amendments", WRONG), ("withdrawal", WHY)):
        refused = send(running, request_id, what, body | {"version": 1})
        assert refused.status_code == 409
        assert "Something happened with this request since" in refused.json["detail"]
    assert send(running, request_id, "amendments", MORE | {"version": 1}, key="first").status_code == 200
    assert send(running, request_id, "withdrawal", WHY | {"version": 2}).status_code == 201


def test_a_request_that_nobody_helps_with_yet_is_withdrawn_once(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    first, again = (send(running, request_id, "withdrawal", WHY, key="one") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert (first.json["is_withdrawn"], stage(running, request_id)) == (True, "withdrawn")
    assert [fact.request_id for fact in running.announced(RequestWithdrawn)] == [request_id]
    late = send(running, request_id, "amendments", MORE)
    assert (late.status_code, late.json["detail"]) == (409, "This request has ended, or is too far for that. Ring us.")


def test_where_a_worker_helps_the_wish_is_passed_on_and_social_care_is_not_stopped(start: Start) -> None:
    running = start("referrals")
    helped, with_social_care = sent(running), sent(running)
    triaged(running, helped)
    running.hears(an_acceptance(running, helped))
    response = send(running, helped, "withdrawal", WHY)
    assert (response.json["is_withdrawn"], stage(running, helped)) == (False, "accepted")
    assert [fact.kind for fact in running.announced(RequestAmended)] == ["wants_to_stop"]
    triaged(running, with_social_care, outcome="safeguarding")
    assert send(running, with_social_care, "withdrawal", WHY).status_code == 409


@pytest.mark.parametrize(
    ("what", "body", "pointer", "detail"),
    [
        ("amendments", MORE | {"words": " "}, "/words", "Enter what is right, or what you want to add"),
        ("amendments", WRONG | {"was": ""}, "/was", "Enter what was wrong"),
        ("amendments", MORE | {"about": "weather"}, "/about", "Select what it is about"),
        ("amendments", MORE | {"kind": ""}, "/kind", "Select whether it is new or was wrong"),
        ("withdrawal", {}, "/reason", "Select why"),
        ("withdrawal", {"reason": "other"}, "/words", "Enter the reason in your words"),
    ],
)
def test_what_is_missing_is_said_in_the_words_of_the_pages(
    start: Start, what: str, body: dict[str, Any], pointer: str, detail: str
) -> None:
    running = start("referrals")
    response = send(running, sent(running), what, body)
    assert response.status_code == 422
    assert response.json["errors"] == [{"pointer": pointer, "detail": detail}]
    assert amendments(running) == []


def test_only_the_portal_that_sent_it_may_and_not_once_the_family_leaves_the_referrer_out(start: Start) -> None:
    running = start("referrals", PORTAL_TOKENS=f"portal:{PORTAL_TOKEN},other:{OTHER_TOKEN}")
    request_id = sent(running)
    for what, body in (("amendments", MORE), ("withdrawal", WHY)):
        assert send(running, request_id, what, body, token=OTHER_TOKEN).status_code == 404
        assert send(running, request_id, what, body, token="nobody's").status_code == 401
        assert send(running, uuid4(), what, body).status_code == 404
        assert send(running, request_id, what, body, key=" ").status_code == 422
    door = running.browser(a_person("front_door"))
    left_out = signed_on_page(not_with="Twerton Meadow Primary School")
    assert door.post(f"/referrals/requests/{request_id}/consent/answer?by=a1", data=left_out).status_code == 302
    assert status(running, request_id).status_code == 404
    for what, body in (("amendments", MORE), ("withdrawal", WHY)):
        assert send(running, request_id, what, body).status_code == 404
    assert amendments(running) == []


def test_a_portal_asks_how_a_request_stands_and_what_may_be_done_with_it(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    told = status(running, request_id).json
    assert (told["version"], told["may_amend"], told["may_withdraw"], told["may_ask_to_stop"]) == (1, True, True, False)
    assert [step["text"] for step in told["steps"]] == ["We received the request."]
    triaged(running, request_id)
    running.hears(an_acceptance(running, request_id))
    told = status(running, request_id).json
    assert (told["may_withdraw"], told["may_ask_to_stop"]) == (False, True)
    assert "named the worker" in told["steps"][-1]["text"]


def test_the_audit_names_the_portal_without_a_word_of_what_was_said(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    status(running, request_id)
    send(running, request_id, "amendments", MORE)
    send(running, request_id, "withdrawal", WHY)
    with running.database.read() as session:
        lines = session.execute(sa.select(audit).where(audit.c.who == "portal").order_by(audit.c.id)).all()
    assert [(line.did, line.details) for line in lines][1:] == [
        ("followed", {}),
        ("amended", {"kind": "added"}),
        ("amended", {"kind": "withdrawn"}),
    ]
