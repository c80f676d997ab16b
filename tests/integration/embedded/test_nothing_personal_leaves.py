"""No name, address, contact or story of a family is in a log line, on the broker or in an address, whatever happens."""

import copy
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests
import sqlalchemy as sa
import structlog

from services.embedded.client import CallFailed, Client
from services.embedded.samples import WRITTEN_ON, sample_requests
from services.embedded.together import Together
from shared.messaging.tables import inbox, outbox
from shared.messaging.transport.memory import MemorySender
from tests.journeys.arranging import Arranged

_NAMES = ("given_name", "family_name", "also_known_as", "lines", "town", "name", "role", "organisation", "taken_by")
_STORIES = (
    "worried_about",
    "working_well",
    "needs_to_happen",
    "already_tried",
    "notes",
    "obtained_by",
    "not_disclosed_to",
    "lead_practitioner_named",
    "outstanding_actions",
    "text",
    "title",
)
_NUMBERS = {"nhs_number", "upn", "mobile", "phone", "postcode"}
_TO_PANEL, _TO_SERVICE, _REFUSED = "07-twins-in-one-school", "01-low-mood-after-birth", "17-dad-in-recovery"


class Marked:
    """Documents in which every personal field holds a word that is nowhere else."""

    def __init__(self) -> None:
        self.words: set[str] = set()

    def word(self) -> str:
        """Return a new word to look for."""
        word = f"Zqx{len(self.words)}zq"
        self.words.add(word)
        return word

    def document(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return the document with its personal fields marked; numbers that must be right are looked for as they are."""
        return dict(self._marked("", copy.deepcopy(document)))

    def _marked(self, name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._marked(key, inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._marked(name, inner) for inner in value]
        if not isinstance(value, str):
            return value
        if name == "email":
            return f"{self.word().lower()}@post.example"
        if name in _NUMBERS:
            self.words |= {value, value.replace(" ", "")}
            return value
        return f"{value} {self.word()}" if name in _NAMES + _STORIES else value


@pytest.fixture
def on_the_wire(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give every message that goes to the broker."""
    sent: list[str] = []
    really_publish = MemorySender.publish

    def publish(sender: MemorySender, messages: Any) -> Any:
        sent.extend(f"{message.topic} {message.body}" for message in messages)
        return really_publish(sender, messages)

    monkeypatch.setattr(MemorySender, "publish", publish)
    return sent


@pytest.fixture
def lived(product: Together, on_the_wire: list[str]) -> tuple[Marked, list[str]]:
    """Let marked families live through the product; return what to look for and the addresses that were shown."""
    marked, arranged = Marked(), Arranged(product)
    arranged.documents = {
        name: marked.document(document)
        for name, document in sample_requests("bathnes", WRITTEN_ON)
        if name in (_TO_PANEL, _TO_SERVICE, _REFUSED)
    }
    portal = Client(product.options.url, product.keys.portal)
    arranged.documents = {f"marked-{name}": document for name, document in arranged.documents.items()}
    to_panel, to_service, refused = (f"marked-{name}" for name in (_TO_PANEL, _TO_SERVICE, _REFUSED))
    _send_what_is_refused(portal, arranged.documents[refused], marked)
    addresses = _follow_by_hand(product, arranged.sent(to_panel)["reference"], marked)
    arranged.to_panel(to_panel)
    arranged.triage(to_service, "service", service_id=next(iter(arranged.services.values()))["id"])
    _sign_in_wrongly(product, marked)
    meeting = arranged.first_meeting()
    arranged.move_clock_to(datetime.fromisoformat(meeting["starts_at"]) - timedelta(hours=1))
    return marked, addresses


def _send_what_is_refused(portal: Client, document: dict[str, Any], marked: Marked) -> None:
    wrong = copy.deepcopy(document)
    wrong["children"][0]["date_of_birth"] = marked.word()
    wrong[marked.word()] = marked.word()
    with pytest.raises(CallFailed):
        portal.post("referrals", "/requests", wrong, idempotency_key="marked-wrong")


def _follow_by_hand(product: Together, reference: str, marked: Marked) -> list[str]:
    session, url = requests.Session(), f"{product.options.url}/referrals/follow"
    page = session.get(url, timeout=30)
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    form = {"csrf_token": token, "reference": reference, "contact": f"{marked.word()}@post.example".lower()}
    answer = session.post(url, form, timeout=30)
    return [answer.url, *(hop.headers.get("Location", "") for hop in answer.history)]


def _sign_in_wrongly(product: Together, marked: Marked) -> None:
    with pytest.raises(CallFailed):
        Client.signed_in(product.options.url, f"{marked.word()}@post.example", marked.word())


def _rows(product: Together, table: sa.Table) -> str:
    texts = []
    for held in product.held.values():
        with held.database.read() as session:
            texts += [str(dict(row)) for row in session.execute(sa.select(table)).mappings()]
    return "\n".join(texts)


def found(words: set[str], text: str) -> list[str]:
    """Return the words that the text has, whatever their case."""
    folded = text.casefold()
    return sorted(word for word in words if word.casefold() in folded)


def test_a_familys_words_are_in_no_log_line_no_message_and_no_address(
    product: Together,
    logged: io.StringIO,
    lived: tuple[Marked, list[str]],
    on_the_wire: list[str],
) -> None:
    marked, addresses = lived
    lines = logged.getvalue()
    assert len(marked.words) > 60
    assert lines.count('"event": "request"') > 20, "the log has what happened"
    assert "notice_sent" in lines
    assert any(message.startswith("panel.papers_circulated") for message in on_the_wire), "the story was told"
    assert found(marked.words, lines) == []
    assert found(marked.words, "\n".join(on_the_wire)) == []
    assert found(marked.words, _rows(product, outbox)) == []
    assert found(marked.words, _rows(product, inbox)) == []
    assert found(marked.words, "\n".join(addresses)) == []


def test_a_word_that_did_leave_would_be_found(logged: io.StringIO) -> None:
    def looked_for(log: Callable[[], None]) -> list[str]:
        before = len(logged.getvalue())
        log()
        return found({"Zqx1zq"}, logged.getvalue()[before:])

    log = structlog.get_logger()
    assert looked_for(lambda: log.info("request", error="the family ZQX1ZQ")) == ["Zqx1zq"]
    assert looked_for(lambda: log.info("request", name="the family Zqx1zq")) == [], (
        "a key that may not be logged is dropped"
    )


def test_a_fault_is_logged_without_the_words_that_caused_it(logged: io.StringIO) -> None:
    before = len(logged.getvalue())
    try:
        raise ValueError("the family Zqx2zq")
    except ValueError as accident:
        structlog.get_logger().error("request_failed", exc_info=accident)
    line = json.loads(logged.getvalue()[before:])
    assert line["error_type"] == "ValueError"
    assert "Zqx2zq" not in str(line)
