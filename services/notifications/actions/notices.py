"""Notices: written once per fact and recipient, and held back from a family or an agency that must not hear any more."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from structlog.contextvars import get_contextvars

from services.notifications import queries
from services.notifications.actions.needing_a_person import needs_nobody
from services.notifications.tables import NoticeRow
from shared.messaging.contract import event_type_of
from shared.rows import add_row

HELD_BACK = "held back: the request went another way"

_NEW = {"state": "created", "attempts": 0, "waits": 0, "last_error": ""}
_WRITE = insert(NoticeRow).on_conflict_do_nothing()


@dataclass(frozen=True)
class Recipient:
    """Who is to be told: `kind` is referrer or family (with the request's id), person, agency or draft (with its own).

    A draft's recipient is whoever began it without an account.
    """

    kind: str
    recipient_id: UUID


def write_notice(
    session: Session,
    fact: Any,
    template: str,
    recipient: Recipient,
    *,
    path: str,
    now: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """Write down that a recipient is to be told of a fact; the same fact again writes nothing."""
    values = _NEW | {
        "id": uuid4(),
        "template": template,
        "fact_id": fact_id(fact),
        "recipient_kind": recipient.kind,
        "recipient_id": recipient.recipient_id,
        "request_id": getattr(fact, "request_id", None),
        "family_id": getattr(fact, "family_id", None),
        "meeting_id": getattr(fact, "meeting_id", None),
        "reference": getattr(fact, "reference", ""),
        "path": path,
        "data": data or {},
        "created_at": now,
    }
    add_row(session, _WRITE, values)


def pass_on(session: Session, agency_notice: NoticeRow, person_ids: Iterable[UUID]) -> None:
    """Give each manager of an agency a notice of their own in place of the agency's."""
    copied = ("template", "fact_id", "request_id", "family_id", "meeting_id", "reference", "path", "data", "created_at")
    values = _NEW | {name: getattr(agency_notice, name) for name in copied}
    for person_id in person_ids:
        add_row(session, _WRITE, values | {"id": uuid4(), "recipient_kind": "person", "recipient_id": person_id})


def fact_id(fact: Any) -> str:
    """Return what tells a fact from every other: the message it came in, else its name and a digest of what it says."""
    kind = event_type_of(fact)
    if message_id := get_contextvars().get("message_id"):
        return f"{kind.name}:{message_id}"
    said = json.dumps(kind.dump(fact), sort_keys=True)
    return f"{kind.name}:{hashlib.sha256(said.encode()).hexdigest()[:32]}"


def hold_back_family(session: Session, request_id: UUID) -> None:
    """Stop every message to a family about a request that has not left yet, and ask nobody to ring about others."""
    for notice in queries.undelivered_at_request(session, request_id):
        needs_nobody(session, notice)
        if notice.recipient_kind != "family":
            continue  # A referrer may be the family: nobody rings about what came before; what comes next is told.
        _hold_back(notice)
    session.flush()


def hold_back_offer(session: Session, family_id: UUID, *, path: str) -> bool:
    """Stop every message to an agency about an offer that has not left yet; say whether there was one.

    `path` is the offer's page.
    """
    has_stopped = False
    # The agency's own first: while somebody passes it on to the managers this waits, and then finds theirs.
    for kind in ("agency", "person"):
        for notice in queries.undelivered_about_offer(session, family_id, path=path, recipient_kind=kind):
            needs_nobody(session, notice)
            _hold_back(notice)
            has_stopped = True
    session.flush()
    return has_stopped


def _hold_back(notice: NoticeRow) -> None:
    notice.is_held_back = True
    if notice.state == "created":
        notice.state, notice.last_error, notice.claim_id = "not_sent", HELD_BACK, None
