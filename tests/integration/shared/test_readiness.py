"""`/health/ready`: red when facts do not leave or the broker is away; `/health/live` goes on saying that we answer."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from shared.messaging.backlog import backlog
from shared.messaging.tables import broker_seen, inbox, outbox
from tests.integration.conftest import Running

Start = Callable[..., Running]
WITH_A_BROKER = {"BROKER_URL": "amqp://broker.example"}


def ready(service: Running) -> tuple[int, dict[str, Any]]:
    answer = service.browser().get("/panel/health/ready")
    assert answer.json is not None
    return answer.status_code, answer.json


def ago(**how_long: int) -> datetime:
    return datetime.now(UTC) - timedelta(**how_long)


def broker_answered(service: Running, at: datetime) -> None:
    with service.database.begin() as session:
        session.execute(sa.insert(broker_seen).values(seen_at=at))


def announced(service: Running, at: datetime, **state: Any) -> None:
    fact = {"message_id": uuid4(), "topic": "panel.x.v1", "family_key": str(uuid4()), "seq": 1, "envelope": {}}
    with service.database.begin() as session:
        session.execute(sa.insert(outbox).values(announced_at=at, **fact, **state))


def received(service: Running, status: str, at: datetime) -> None:
    fact = {"message_id": uuid4(), "topic": "panel.x.v1", "family_key": str(uuid4()), "seq": 1}
    with service.database.begin() as session:
        session.execute(sa.insert(inbox).values(status=status, received_at=at, **fact))


def test_a_service_whose_broker_answered_lately_is_ready(start: Start) -> None:
    panel = start("panel", **WITH_A_BROKER)
    broker_answered(panel, ago(seconds=10))
    status, report = ready(panel)
    assert (status, report["status"]) == (200, "ready")
    assert report["checks"] == {"database": "answers", "outbox": "moves", "broker": "answers"}


def test_a_broker_that_was_silent_for_half_a_minute_is_away(start: Start) -> None:
    panel = start("panel", **WITH_A_BROKER)
    broker_answered(panel, ago(seconds=31))
    status, report = ready(panel)
    assert (status, report["status"], report["checks"]["broker"]) == (503, "not_ready", "away")


def test_a_broker_that_never_answered_is_away(start: Start) -> None:
    status, report = ready(start("panel", **WITH_A_BROKER))
    assert (status, report["checks"]["broker"]) == (503, "away")


def test_a_service_that_is_not_ready_is_alive_all_the_same(start: Start) -> None:
    panel = start("panel", **WITH_A_BROKER)
    assert ready(panel)[0] == 503
    assert panel.browser().get("/panel/health/live").status_code == 200


def test_where_there_is_no_broker_none_is_missed(start: Start) -> None:
    status, report = ready(start("panel"))
    assert status == 200
    assert "broker" not in report["checks"]


@pytest.mark.parametrize(("seconds", "status", "says"), [(50, 200, "moves"), (70, 503, "stuck")])
def test_a_fact_that_waits_for_more_than_a_minute_turns_it_red(
    start: Start, seconds: int, status: int, says: str
) -> None:
    panel = start("panel")
    announced(panel, ago(seconds=seconds))
    answered, report = ready(panel)
    assert (answered, report["checks"]["outbox"], report["outbox_waiting"]) == (status, says, 1)


def test_the_backlog_tells_what_waits_for_time_from_what_waits_for_a_person(start: Start) -> None:
    panel = start("panel")
    announced(panel, ago(days=3), sent_at=ago(days=3))
    announced(panel, ago(days=2), parked_at=ago(days=2))
    announced(panel, ago(minutes=5))
    announced(panel, ago(minutes=2))
    for status, at in (
        ("done", ago(days=9)),
        ("parked", ago(days=8)),
        ("retry", ago(hours=2)),
        ("blocked", ago(hours=1)),
    ):
        received(panel, status, at)
    with panel.database.read() as session:
        waiting = backlog(session)
    assert (waiting.unsent, waiting.unroutable) == (2, 1)
    assert waiting.unhandled == {"parked": 1, "retry": 1, "blocked": 1}
    assert waiting.oldest_unsent is not None
    assert timedelta(minutes=5) <= waiting.oldest_unsent < timedelta(minutes=6)
    assert waiting.oldest_unhandled is not None
    assert timedelta(hours=2) <= waiting.oldest_unhandled < timedelta(hours=3)
    assert waiting.broker_silent is None
