"""What a service knows of one message: when it came and went, what failed, and what a person did about it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.audit import audit
from shared.errors import NotFound
from shared.messaging.tables import inbox, outbox

_LONGEST = 50


@dataclass(frozen=True)
class Step:
    """Something that happened to a message, when (UTC), and by whom where it was a person."""

    at: datetime
    what: str
    by: str = ""


@dataclass(frozen=True)
class History:
    """The steps of a message in this service, the oldest first; ids and codes, never a story."""

    message_id: UUID
    topic: str
    family_key: str
    state: str
    attempts: int
    next_attempt_at: datetime | None
    last_error: str
    steps: tuple[Step, ...]


def history_of(session: Session, message_id: UUID) -> History:
    """Return what became of a message that this service announced or was sent; raises NotFound."""
    history = _announced(session, message_id) or _received(session, message_id) or _only_audited(session, message_id)
    if history is None:
        raise NotFound("This service knows no such message.")
    return history


def _announced(session: Session, message_id: UUID) -> History | None:
    row = session.execute(sa.select(outbox).where(outbox.c.message_id == message_id)).one_or_none()
    if row is None:
        return None
    moments = [(row.announced_at, "announced"), (row.parked_at, "returned, no queue takes it"), (row.sent_at, "sent")]
    steps = _steps(session, message_id, moments)
    state = "sent" if row.sent_at else "unroutable" if row.parked_at else "unsent"
    return History(message_id, row.topic, row.family_key, state, row.attempts, None, row.last_error or "", steps)


def _received(session: Session, message_id: UUID) -> History | None:
    row = session.execute(sa.select(inbox).where(inbox.c.message_id == message_id)).one_or_none()
    if row is None:
        return None
    end = "given up" if row.status == "discarded" else "handled"
    steps = _steps(session, message_id, [(row.received_at, "received"), (row.done_at, end)])
    return History(
        message_id,
        row.topic,
        row.family_key,
        row.status,
        row.attempts,
        row.next_attempt_at,
        row.last_error or "",
        steps,
    )


def _only_audited(session: Session, message_id: UUID) -> History | None:
    """Return what people did about a dead letter that never reached the inbox."""
    steps = _steps(session, message_id, [])
    return History(message_id, "", "", "not in the inbox", 0, None, "", steps) if steps else None


def _steps(session: Session, message_id: UUID, moments: list[tuple[datetime | None, str]]) -> tuple[Step, ...]:
    lines = session.execute(
        sa.select(audit.c.at, audit.c.did, audit.c.who)
        .where(audit.c.subject == "message", audit.c.subject_id == str(message_id))
        .order_by(audit.c.at.desc())
        .limit(_LONGEST)
    )
    steps = [Step(at, what) for at, what in moments if at is not None]
    steps += [Step(at, did.replace("_", " "), who) for at, did, who in lines]
    return tuple(sorted(steps, key=lambda step: step.at))
