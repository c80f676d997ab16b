"""Texts by an SMS gateway over HTTP."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from shared.events.referrals import RequestReceived
from tests.integration.conftest import Running
from tests.integration.notifications.conftest import Post, a_family

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@dataclass
class Phone:
    """What the gateway took, and what it answers."""

    texts: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    status: int = 201
    port: int = 0


@pytest.fixture
def phone() -> Iterator[Phone]:
    """Give a gateway that listens."""
    told = Phone()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if told.status == 0:
                self.connection.close()
                return
            told.tokens.append(self.headers["Authorization"])
            if told.status < 300:
                told.texts.append(json.loads(body))
            self.send_response(told.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    told.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture
def post(start: Callable[..., Running], phone: Phone) -> Post:
    running = start(
        "notifications",
        CARRIER="smtp",
        SMTP_HOST="127.0.0.1",
        SMTP_PORT="9",
        MAIL_FROM="early-help@council.example",
        SMS_GATEWAY_URL=f"http://127.0.0.1:{phone.port}/texts",
        SMS_GATEWAY_TOKEN="a token",
    )
    post = Post(running)
    post.knows_contacts(family=a_family())
    running.hears(RequestReceived(*post.about(), kind="request", received_at=NOW))
    return post


def test_a_text_is_handed_over_with_the_id_of_its_notice(post: Post, phone: Phone) -> None:
    post.sends()
    notice = post.notice("request_received_to_family")
    assert notice.state == "delivered"
    (text,) = phone.texts
    assert (text["to"], text["reference"]) == ("+447700900123", str(notice.id))
    assert "EH7K-3QWQ" in text["body"]
    assert phone.tokens == ["Bearer a token"]


@pytest.mark.parametrize(
    ("status", "state"), [(429, "created"), (503, "created"), (400, "failed"), (302, "failed"), (0, "unknown")]
)
def test_what_the_gateway_answers_decides_what_happens_next(post: Post, phone: Phone, status: int, state: str) -> None:
    phone.status = status
    post.sends()
    assert post.notice("request_received_to_family").state == state
    assert phone.texts == []


def test_a_gateway_that_is_not_there_is_tried_again(post: Post, phone: Phone) -> None:
    object.__setattr__(post.running.resources.settings, "sms_gateway_url", "http://127.0.0.1:9/texts")
    post.sends()
    notice = post.notice("request_received_to_family")
    assert (notice.state, notice.last_error) == ("created", "the SMS gateway does not answer")
