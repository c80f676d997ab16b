"""Announce a fact in the transaction that makes it true."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from structlog.contextvars import get_contextvars

from shared.messaging.contract import event_type_of
from shared.messaging.envelope import Envelope
from shared.messaging.message_ids import new_message_id
from shared.messaging.tables import outbox
from shared.trace import continued

WAKE_CHANNEL = "outbox"

_NEXT_SEQ = sa.text(
    "INSERT INTO outbox_stream (family_key, last_seq) VALUES (:family_key, 1)"
    " ON CONFLICT (family_key) DO UPDATE SET last_seq = outbox_stream.last_seq + 1 RETURNING last_seq"
)


def announce(session: Session, fact: Any) -> None:
    """Write the fact to the outbox; it is sent when, and only when, the transaction commits."""
    kind = event_type_of(fact)
    family_key = str(getattr(fact, kind.key))
    seq = session.execute(_NEXT_SEQ, {"family_key": family_key}).scalar_one()
    context = get_contextvars()
    envelope = Envelope(
        message_id=new_message_id(),
        topic=kind.name,
        family_key=family_key,
        seq=seq,
        data=kind.dump(fact),
        request_id=str(context.get("request_id", "")),
        happened_at=datetime.now(UTC),
        traceparent=continued(context.get("traceparent")),
    )
    session.execute(
        sa.insert(outbox).values(
            message_id=envelope.message_id,
            topic=envelope.topic,
            family_key=family_key,
            seq=seq,
            envelope=envelope.as_json(),
        )
    )
    wake_publisher(session)


def wake_publisher(session: Session) -> None:
    """Have the publisher look into the outbox when the transaction commits."""
    session.execute(sa.text(f"NOTIFY {WAKE_CHANNEL}"))
