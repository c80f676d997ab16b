"""Announce a fact in the transaction that makes it true."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session
from structlog.contextvars import get_contextvars

from shared.messaging.contract import event_type_of
from shared.messaging.envelope import Envelope
from shared.messaging.message_ids import new_message_id
from shared.messaging.tables import outbox
from shared.rows import Written, at_the_end
from shared.trace import continued

WAKE_CHANNEL = "outbox"

_NOT_NUMBERED = 0

# All transactions take the families' rows in one order, so that two never wait for each other.
_COUNT_ON = sa.text(
    "INSERT INTO outbox_stream (family_key, last_seq)"
    " SELECT family_key, count(*) FROM json_array_elements_text(CAST(:family_keys AS json)) AS family_key"
    " GROUP BY family_key ORDER BY family_key"
    " ON CONFLICT (family_key) DO UPDATE SET last_seq = outbox_stream.last_seq + excluded.last_seq"
    " RETURNING family_key, last_seq"
)
_WRITE = sa.insert(outbox)
_WAKE_PUBLISHER = sa.text(f"NOTIFY {WAKE_CHANNEL}")


def announce(session: Session, fact: Any) -> None:
    """Have the fact written to the outbox as the transaction ends; it is sent when, and only when, that commits."""
    kind = event_type_of(fact)
    context = get_contextvars()
    envelope = Envelope(
        message_id=new_message_id(),
        topic=kind.name,
        family_key=str(getattr(fact, kind.key)),
        seq=_NOT_NUMBERED,
        data=kind.dump(fact),
        request_id=str(context.get("request_id", "")),
        happened_at=datetime.now(UTC),
        traceparent=continued(context.get("traceparent")),
    )
    at_the_end(session, _write_down, envelope)


def wake_publisher(session: Session) -> None:
    """Have the publisher look into the outbox when the transaction commits."""
    session.execute(_WAKE_PUBLISHER)


def _write_down(connection: sa.Connection, envelopes: list[Envelope]) -> list[Written]:
    rows = [
        {
            "message_id": envelope.message_id,
            "topic": envelope.topic,
            "family_key": envelope.family_key,
            "seq": envelope.seq,
            "envelope": envelope.as_json(),
        }
        for envelope in _numbered(connection, envelopes)
    ]
    return [(_WRITE, rows), (_WAKE_PUBLISHER, None)]


def _numbered(connection: sa.Connection, envelopes: list[Envelope]) -> list[Envelope]:
    """Return the envelopes with their numbers in their families, whose rows stay locked until the transaction ends."""
    count_of = Counter(envelope.family_key for envelope in envelopes)
    counted = connection.execute(_COUNT_ON, {"family_keys": json.dumps(list(count_of.elements()))})
    last_before = {family_key: last - count_of[family_key] for family_key, last in counted}
    numbered = []
    for envelope in envelopes:
        last_before[envelope.family_key] += 1
        numbered.append(msgspec.structs.replace(envelope, seq=last_before[envelope.family_key]))
    return numbered
