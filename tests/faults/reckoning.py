"""The reckoning after a fault: what became of every request that got a reference, and of every fact announced."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.embedded.waiting import DidNotHappen, wait_until
from shared.database import Database
from shared.service import SERVICES
from tests.faults.load import Entry

_TWICE = {
    "panel": "SELECT 'queue entry', request_id::text FROM queue_entry GROUP BY request_id HAVING count(*) > 1"
    " UNION ALL SELECT 'agenda item', request_id::text FROM agenda_item GROUP BY request_id HAVING count(*) > 1",
    "notifications": "SELECT template || ' to ' || recipient_kind, request_id::text FROM notice"
    " WHERE request_id IS NOT NULL GROUP BY template, recipient_kind, recipient_id, request_id HAVING count(*) > 1",
    "referrals": "SELECT code, request_id::text FROM progress GROUP BY code, request_id HAVING count(*) > 1"
    " UNION ALL SELECT 'request', idempotency_key FROM request GROUP BY idempotency_key HAVING count(*) > 1",
}
"""What only a fact that was handled twice leaves behind, by service: what, and about which request."""


@dataclass(frozen=True)
class Fact:
    """One event on its way to one reader."""

    message_id: UUID
    owner: str
    reader: str
    announced_at: datetime
    handled_at: datetime | None


@dataclass(frozen=True)
class Notice:
    """One message to one recipient, and what became of it."""

    state: str
    sent_at: datetime | None


@dataclass
class Reckoning:
    """What was found; `problems` is empty when nothing was lost, doubled, parked or left."""

    requests: int = 0
    facts: list[Fact] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    parked: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    events: int = 0
    """How many facts travelled since the first of the requests was sent."""

    @property
    def problems(self) -> dict[str, list[str]]:
        """Return what is not as it must be, by kind."""
        kinds = {"lost": self.lost, "twice": self.twice, "parked": self.parked, "waiting": self.waiting}
        return {kind: found[:10] for kind, found in kinds.items() if found}


def settled(
    databases: Mapping[str, Database],
    entries: Sequence[Entry],
    *,
    tend: Callable[[], None] = lambda: None,
    seconds: float = 120,
) -> Reckoning:
    """Wait until everything has arrived, and return the reckoning; the one with problems when that does not happen."""
    found: list[Reckoning] = []

    def is_clean() -> bool:
        tend()
        if any(_rows(databases[service], _ON_ITS_WAY)[0].left for service in SERVICES):
            return False
        found[:] = [reckon(databases, entries)]
        return not found[0].problems

    with suppress(DidNotHappen):
        wait_until(is_clean, "every fact handled", seconds=seconds)
    return found[0] if found else reckon(databases, entries)


def reckon(databases: Mapping[str, Database], entries: Sequence[Entry]) -> Reckoning:
    """Compare what was announced with what was handled, and the ledger with where each request is now."""
    reckoning = Reckoning(requests=len(entries))
    announced = {service: _rows(databases[service], _ANNOUNCED) for service in SERVICES}
    for reader in SERVICES:
        _compare(reader, announced, _rows(databases[reader], _TAKEN), reckoning)
    for owner, rows in announced.items():
        reckoning.waiting += [f"{owner} has not sent {row.topic}" for row in rows if not row.sent_at]
        reckoning.parked += [f"{owner} could not send {row.topic}: {row.last_error}" for row in rows if row.parked_at]
    for service, question in _TWICE.items():
        reckoning.twice += [f"{service}: {what} of {which}" for what, which in _rows(databases[service], question)]
    _look_for_requests(databases, entries, reckoning)
    began_at = min((entry.began_at for entry in entries), default=datetime.now(UTC))
    reckoning.events = sum(fact.announced_at >= began_at for fact in reckoning.facts)
    return reckoning


_ON_ITS_WAY = (
    "SELECT (SELECT count(*) FROM outbox WHERE sent_at IS NULL AND parked_at IS NULL)"
    " + (SELECT count(*) FROM inbox WHERE status IN ('retry', 'blocked')) AS left"
)
_ANNOUNCED = "SELECT message_id, topic, announced_at, sent_at, parked_at, last_error FROM outbox"
_TAKEN = "SELECT message_id, topic, status, done_at, last_error FROM inbox"


def _compare(reader: str, announced: Mapping[str, Sequence[Any]], taken: Sequence[Any], reckoning: Reckoning) -> None:
    topics = set(import_module(f"services.{reader}.app").SERVICE.events.topics)
    by_id = {row.message_id: row for row in taken}
    for owner, rows in announced.items():
        for row in rows:
            if row.topic in topics:
                mine = by_id.pop(row.message_id, None)
                reckoning.facts.append(Fact(row.message_id, owner, reader, row.announced_at, mine and mine.done_at))
                if mine is None and row.sent_at:
                    reckoning.lost.append(f"{reader} has not heard of {row.topic} {row.message_id}")
                elif mine is not None and mine.status != "done":
                    kind = reckoning.parked if mine.status == "parked" else reckoning.waiting
                    kind.append(f"{reader} holds {row.topic} as {mine.status}: {mine.last_error}")
    reckoning.twice += [f"{reader} heard of {row.topic}, which nobody announced" for row in by_id.values()]


def _look_for_requests(databases: Mapping[str, Database], entries: Sequence[Entry], reckoning: Reckoning) -> None:
    kept = {str(row.id): row.stage for row in _rows(databases["referrals"], "SELECT id, stage FROM request")}
    queued = {str(row.request_id) for row in _rows(databases["panel"], "SELECT request_id FROM queue_entry")}
    notices = _rows(databases["notifications"], "SELECT template, request_id, state, sent_at FROM notice")
    reckoning.notices = [Notice(row.state, row.sent_at) for row in notices]
    told = {(row.template, str(row.request_id)) for row in notices}
    for entry in entries:
        if entry.request_id not in kept:
            reckoning.lost.append(f"referrals has no request {entry.reference}")
        if (entry.request_id in queued) != (entry.outcome == "panel"):
            reckoning.lost.append(f"{entry.reference}, decided as {entry.outcome}, is in the wrong place")
        if ("request_received", entry.request_id) not in told:
            reckoning.lost.append(f"nobody is told that {entry.reference} was received")


def _rows(database: Database, question: str) -> Sequence[Any]:
    with database.read() as session:
        return session.execute(sa.text(question)).all()
