"""What an administrator sees and does about messages that are held up."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from shared.audit import audit
from shared.events.referrals import RequestReceived
from shared.identity import Person
from shared.messaging.tables import inbox
from shared.service import SERVICES
from tests.integration.conftest import Running

Start = Callable[..., Running]
ADMINISTRATOR = Person(UUID(int=1), "Ada", frozenset({"administrator"}), None)
COORDINATOR = Person(UUID(int=2), "Cora", frozenset({"coordinator"}), None)
WHY = "The request was entered twice by mistake"


@pytest.fixture
def panel(start: Start) -> Running:
    return start("panel")


@pytest.fixture
def browser(panel: Running) -> FlaskClient:
    return panel.browser(ADMINISTRATOR)


def parked(panel: Running, families: int = 1) -> UUID:
    """Let a fact of each of so many families arrive that the panel does not read; return one message's id."""
    for number in range(families):
        panel.receives(RequestReceived(uuid4(), UUID(int=number), "EH7K-3QWD", "request", datetime.now(UTC)))
    with panel.database.read() as session:
        return UUID(str(session.scalars(sa.select(inbox.c.message_id).limit(1)).one()))


def status(panel: Running) -> str:
    with panel.database.read() as session:
        return str(session.scalars(sa.select(inbox.c.status)).one())


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_page_and_says_when_there_is_nothing(start: Start, service: str) -> None:
    page = start(service).browser(ADMINISTRATOR).get(f"/{service}/messages")
    assert page.status_code == 200
    assert "No message is held up here." in page.text


def test_only_administrators_look(panel: Running) -> None:
    message_id = parked(panel)
    browser = panel.browser(COORDINATOR)
    assert browser.get("/panel/messages").status_code == 403
    assert browser.get(f"/panel/messages/{message_id}").status_code == 403
    assert browser.post(f"/panel/messages/{message_id}/again").status_code == 403
    assert browser.post(f"/panel/messages/{message_id}/discard", data={"why": WHY}).status_code == 403
    assert status(panel) == "parked"


def test_a_long_list_has_pages_that_keep_the_choice(panel: Running, browser: FlaskClient) -> None:
    parked(panel, families=60)
    first = browser.get("/panel/messages?state=parked").text
    assert first.count('data-label="State"') == 50
    assert "/panel/messages?state=parked&amp;page=2" in first
    assert browser.get("/panel/messages?state=parked&page=2").text.count('data-label="State"') == 10


@pytest.mark.parametrize("query", ["page=-3", "page=x", "page=99999"])
def test_a_page_that_is_none_is_no_accident(browser: FlaskClient, query: str) -> None:
    assert browser.get(f"/panel/messages?{query}").status_code == 200


def test_a_state_that_is_none_is_said(browser: FlaskClient) -> None:
    assert browser.get("/panel/messages?state=lost").status_code == 422


def test_a_message_is_read_and_the_reading_is_audited(panel: Running, browser: FlaskClient) -> None:
    message_id = parked(panel)
    page = browser.get(f"/panel/messages/{message_id}").text
    assert "this service does not read referrals.request_received.v1" in page
    with panel.database.read() as session:
        line = session.execute(sa.select(audit.c.who, audit.c.did, audit.c.subject_id)).all()[-1]
    assert tuple(line) == (str(ADMINISTRATOR.person_id), "read_message", str(message_id))


def test_a_message_is_tried_again(panel: Running, browser: FlaskClient) -> None:
    message_id = parked(panel)
    assert browser.post(f"/panel/messages/{message_id}/again").status_code == 302
    assert status(panel) == "retry"


@pytest.mark.parametrize("why", ["", "  oops "])
def test_a_message_is_not_given_up_without_a_reason_and_what_was_typed_stays(
    panel: Running, browser: FlaskClient, why: str
) -> None:
    message_id = parked(panel)
    page = browser.post(f"/panel/messages/{message_id}/discard", data={"why": why})
    assert page.status_code == 422
    assert "There is a problem" in page.text
    assert why.strip() in page.text
    assert status(panel) == "parked"


def test_a_message_is_given_up_once(panel: Running, browser: FlaskClient) -> None:
    message_id = parked(panel)
    assert browser.post(f"/panel/messages/{message_id}/discard", data={"why": WHY}).status_code == 302
    assert status(panel) == "discarded"
    assert browser.post(f"/panel/messages/{message_id}/discard", data={"why": WHY}).status_code == 404


def test_the_page_of_a_message_tells_what_happened_to_it_and_who_did_it(panel: Running, browser: FlaskClient) -> None:
    message_id = parked(panel)
    assert "Received" in browser.get(f"/panel/messages/{message_id}").text
    browser.post(f"/panel/messages/{message_id}/again")
    page = browser.get(f"/panel/messages/{message_id}").text
    for words in ("Received", "Read message", "Tried message again", str(ADMINISTRATOR.person_id)):
        assert words in page


def test_the_page_says_where_dead_letters_are_looked_at(browser: FlaskClient) -> None:
    assert "python -m services messages dead-letters list" in browser.get("/panel/messages").text
