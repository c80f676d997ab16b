"""Following a request: by who sent it, or with the reference and a contact that we hold."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from services.referrals.tables import RequestRow
from shared.events import panel
from shared.events.notifications import NoticeFailed, NoticeSettled
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.asking import ask_as_professional, submit
from tests.integration.referrals.documents import sent, signed_on_page, triaged

Start = Callable[..., Running]


def _row(running: Running, request_id: UUID) -> RequestRow:
    with running.database.read() as session:
        return session.get_one(RequestRow, request_id)


def _ids(row: RequestRow) -> dict[str, Any]:
    return {"request_id": row.id, "family_id": row.family_id, "reference": row.reference}


def _follow(browser: FlaskClient, reference: str, contact: str) -> Any:
    return browser.post("/referrals/follow", data={"reference": reference, "contact": contact})


@pytest.mark.parametrize("contact", ["MEGAN@school.example", "01632 960001", "+44 1632 960001", "07700 900123"])
def test_reference_and_contact_show_what_happened(start: Start, contact: str) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    row = _row(running, request_id)
    running.hears(panel.RequestPlaced(**_ids(row), meeting_id=uuid4(), held_on=date(2026, 11, 12), times_carried=0))
    browser = running.browser()
    found = _follow(browser, row.reference.lower().replace("-", " "), contact)
    assert found.location == "/referrals/follow/progress"
    page = browser.get(found.location).text
    assert "The meeting will be on Thursday 12 November 2026." in page
    assert "Nguyễn" not in page
    assert "Siobhán" not in page


def test_every_mistake_gets_the_same_answer(start: Start) -> None:
    running = start("referrals")
    row = _row(running, sent(running))
    browser = running.browser()
    answers = {
        _follow(browser, reference, contact).text.split("There is a problem")[1].split("</ul>")[0]
        for reference, contact in (
            (row.reference, "somebody@else.example"),
            ("EH22-2222", "megan@school.example"),
            ("nonsense", "07700 900123"),
        )
    }
    assert len(answers) == 1


def test_tries_are_limited_for_a_reference_also_with_the_right_contact_then(start: Start) -> None:
    running = start("referrals")
    row = _row(running, sent(running))
    browser = running.browser()
    assert [_follow(browser, row.reference, "wrong@x.example").status_code for _ in range(5)] == [422] * 5
    assert _follow(browser, row.reference, "megan@school.example").status_code == 429


def test_a_safeguarding_concern_is_not_given_away(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id, outcome="safeguarding")
    browser = running.browser()
    _follow(browser, _row(running, request_id).reference, "07700 900123")
    page = browser.get("/referrals/follow/progress").text
    assert "We received the request." in page
    assert "another team" not in page, "whoever holds the family's phone might be the danger"
    assert "afeguarding" not in page.split("<main")[1].split("</main>")[0]


def test_what_was_asked_for_can_be_answered_and_the_request_goes_back_to_triage(start: Start) -> None:
    running = start("referrals")
    school = a_person("referrer")
    browser = running.browser(school)
    ask_as_professional(browser)
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    front_door = running.browser(a_person("front_door"))
    worklist: Any = running.app.test_client().get(
        "/referrals/api/v1/worklist", headers=running.bearer(a_person("front_door"))
    )
    request_id = UUID(worklist.json["requests"][0]["request_id"])
    triaged(running, request_id, outcome="more_information", what="Which school year?")
    page = browser.get(f"/referrals/sent/{request_id}").text
    assert "Which school year?" in page
    path = f"/sent/{request_id}/information"
    assert submit(browser, path, {"answer": ""}).status_code == 422
    submit(browser, path, {"answer": "Year four."}, leads_to=f"/sent/{request_id}")
    assert _row(running, request_id).stage == "received"
    assert "Year four." in front_door.get(f"/referrals/requests/{request_id}").text
    assert submit(browser, path, {"answer": "Again."}).status_code == 409


def test_only_the_referrer_reads_what_the_front_door_asks(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id, outcome="more_information", what="Which school year?")
    reference = _row(running, request_id).reference
    family, referrer = running.browser(), running.browser()
    _follow(family, reference, "07700 900123")
    _follow(referrer, reference, "megan@school.example")
    assert "Which school year?" not in family.get("/referrals/follow/progress").text
    assert "Which school year?" in referrer.get("/referrals/follow/progress").text
    submit(referrer, "/follow/information", {"answer": "Year four."}, leads_to="/follow/progress")
    assert _row(running, request_id).stage == "received"
    submit(referrer, "/follow/leave", {}, leads_to="/follow")
    assert referrer.get("/referrals/follow/progress").location == "/referrals/follow"


def test_nobody_sees_what_somebody_else_sent(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    other = running.browser(a_person("referrer", "social_worker"))
    assert other.get(f"/referrals/sent/{request_id}").status_code == 404
    assert other.post(f"/referrals/sent/{request_id}/information", data={"answer": "x"}).status_code == 404


def offered(running: Running, row: RequestRow) -> dict[str, Any]:
    """Let the panel offer a request to an agency; return the ids that a withdrawal of the offer has too."""
    ids = _ids(row) | {"allocation_id": uuid4(), "agency_id": uuid4()}
    due_on = date(2026, 11, 19)
    running.hears(panel.AllocationOffered(**ids, service_id=uuid4(), meeting_id=None, answer_due_on=due_on))
    return ids


@pytest.mark.parametrize("because", ["consent_changed", "corrected"])
def test_a_request_whose_offer_was_taken_back_waits_for_a_panel_again(start: Start, because: str) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    ids = offered(running, _row(running, request_id))
    running.hears(panel.AllocationWithdrawn(**ids, because=because))
    assert _row(running, request_id).stage == "at_panel"
    page = running.browser(a_person("front_door")).get(f"/referrals/requests/{request_id}").text
    assert "Taken back from the service, which had not answered" in page
    browser = running.browser()
    _follow(browser, _row(running, request_id).reference, "07700 900123")
    assert "That service is not asked any more." in browser.get("/referrals/follow/progress").text


def test_an_offer_that_ended_because_the_front_door_sent_the_request_elsewhere_moves_nothing(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    ids = offered(running, _row(running, request_id))
    triaged(running, request_id, outcome="safeguarding")
    running.hears(panel.AllocationWithdrawn(**ids, because="safeguarding"))
    assert _row(running, request_id).stage == "safeguarding"
    page = running.browser(a_person("front_door")).get(f"/referrals/requests/{request_id}").text
    assert "Taken back from the service" not in page


def test_a_message_that_did_not_arrive_is_shown_to_the_front_door(start: Start) -> None:
    running = start("referrals")
    row = _row(running, sent(running))
    fact = NoticeFailed(uuid4(), **_ids(row), recipient="referrer")
    running.hears(fact)
    running.hears(fact)
    browser = running.browser(a_person("front_door"))
    assert browser.get(f"/referrals/requests/{row.id}").text.count("did not arrive") == 1
    assert "Message failed" in browser.get("/referrals/worklist").text
    running.hears(NoticeSettled(fact.notice_id, **_ids(row)))
    assert "did not arrive" not in browser.get(f"/referrals/requests/{row.id}").text
    assert "Message failed" not in browser.get("/referrals/worklist").text


@pytest.mark.parametrize(
    ("recipient", "advice"), [("referrer", "Ring them"), ("family", "in a way that is marked as safe")]
)
def test_whom_a_message_did_not_reach_is_told_in_a_safe_way(start: Start, recipient: str, advice: str) -> None:
    running = start("referrals")
    row = _row(running, sent(running))
    running.hears(NoticeFailed(uuid4(), **_ids(row), recipient=recipient))
    assert advice in running.browser(a_person("front_door")).get(f"/referrals/requests/{row.id}").text


def test_the_stages_follow_what_the_panel_does(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    row = _row(running, request_id)
    at, agency_id = running.clock.now(), uuid4()

    def offered() -> panel.AllocationOffered:
        return panel.AllocationOffered(
            uuid4(), **_ids(row), agency_id=agency_id, service_id=uuid4(), meeting_id=uuid4(),
            answer_due_on=date(2026, 11, 19),
        )  # fmt: skip

    def decided(outcome: str) -> panel.DecisionMade:
        return panel.DecisionMade(uuid4(), **_ids(row), meeting_id=uuid4(), outcome=outcome, decided_at=at)

    for fact, stage in (
        (panel.RequestPlaced(**_ids(row), meeting_id=uuid4(), held_on=date(2026, 11, 12), times_carried=0), "placed"),
        (decided("carry_over"), "at_panel"),
        (decided("allocate"), "offered"),
        (offered(), "offered"),
        (panel.AllocationDeclined(uuid4(), **_ids(row), agency_id=agency_id, reason="capacity"), "at_panel"),
        (decided("signpost"), "decided"),
    ):
        running.hears(fact)
        assert _row(running, request_id).stage == stage, fact


def test_the_worklist_is_paged_and_bounded(start: Start) -> None:
    running = start("referrals")
    for _ in range(3):
        sent(running)
    headers = running.bearer(a_person("front_door"))
    client: Any = running.app.test_client()
    first = client.get("/referrals/api/v1/worklist?per_page=2", headers=headers).json
    second = client.get("/referrals/api/v1/worklist?per_page=2&page=2", headers=headers).json
    assert (len(first["requests"]), len(second["requests"]), first["total"]) == (2, 1, 3)
    assert client.get("/referrals/api/v1/worklist?per_page=1000", headers=headers).status_code == 422
    assert client.get("/referrals/api/v1/worklist?stage=nonsense", headers=headers).status_code == 422


def _leaves_out_the_school(running: Running, request_id: UUID) -> None:
    path = f"/referrals/requests/{request_id}/consent/answer?by=a1"
    typed = signed_on_page(not_with="Twerton Meadow Primary")
    assert running.browser(a_person("front_door")).post(path, data=typed).status_code == 302


def test_a_referrer_whom_the_family_leaves_out_follows_no_more_and_is_not_told(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    row = _row(running, request_id)
    browser = running.browser()
    assert _follow(browser, row.reference, "megan@school.example").location == "/referrals/follow/progress"
    _leaves_out_the_school(running, request_id)
    assert browser.get("/referrals/follow/progress").location == "/referrals/follow"
    assert _follow(browser, row.reference, "megan@school.example").status_code == 422
    assert _follow(running.browser(), row.reference, "07700 900123").location == "/referrals/follow/progress"
    path = f"/referrals/api/v1/requests/{request_id}/contacts"
    contacts: Any = running.app.test_client().get(path, headers=running.as_neighbour("notifications")).json
    assert contacts["referrer"]["is_left_out"]


def test_a_referrer_with_an_account_whom_the_family_leaves_out_sees_no_more_of_it(start: Start) -> None:
    running = start("referrals")
    referrer = a_person("referrer", name="Megan O'Brien")
    browser = running.browser(referrer)
    ask_as_professional(browser)
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    with running.database.read() as session:
        [row] = session.scalars(sa.select(RequestRow))
    assert browser.get(f"/referrals/sent/{row.id}").status_code == 200
    path = f"/referrals/requests/{row.id}/consent/answer?by=a1"
    typed = signed_on_page(not_with=row.referrer_organisation)
    assert running.browser(a_person("front_door")).post(path, data=typed).status_code == 302
    assert browser.get(f"/referrals/sent/{row.id}").status_code == 404
    page = browser.get("/referrals/sent").text
    assert "The family does not want your organisation to know" in page
    assert "Received" not in page.split("<main")[1]
