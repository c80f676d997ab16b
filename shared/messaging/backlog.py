"""What waits in a service's database, and how long the broker has been silent: for readiness and the metrics."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.messaging.tables import broker_seen, inbox, outbox

OPEN = ("retry", "blocked", "parked")
"""The states of a fact that was received and is not yet handled."""

_UNSENT = outbox.c.sent_at.is_(None) & outbox.c.parked_at.is_(None)
_UNROUTABLE = outbox.c.sent_at.is_(None) & outbox.c.parked_at.is_not(None)


@dataclass(frozen=True)
class Backlog:
    """Counts and ages by the database's own clock; an age is None where there is nothing that has one."""

    unsent: int
    oldest_unsent: timedelta | None
    unroutable: int
    unhandled: Mapping[str, int]
    """By state, those without any left out."""
    oldest_unhandled: timedelta | None
    """Since it was received. What is parked waits for a person, not for time, and is not looked at."""
    broker_silent: timedelta | None
    """Since the broker last answered the publisher; None when it never did."""


def backlog(session: Session) -> Backlog:
    """Return what waits now; costs little also when the tables are long."""
    now: datetime = session.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    unsent = session.execute(sa.select(sa.func.count()).select_from(outbox).where(_UNSENT)).scalar_one()
    unroutable = session.execute(sa.select(sa.func.count()).select_from(outbox).where(_UNROUTABLE)).scalar_one()
    # By the index on what is unsent; ids and instants of announcement differ in order by a transaction's length at most.
    first_unsent = sa.select(outbox.c.announced_at).where(_UNSENT).order_by(outbox.c.id).limit(1)
    unhandled = session.execute(
        sa.select(inbox.c.status, sa.func.count(), sa.func.min(inbox.c.received_at))
        .where(inbox.c.status.in_(OPEN))
        .group_by(inbox.c.status)
    ).all()
    return Backlog(
        unsent=unsent,
        oldest_unsent=_since(session.execute(first_unsent).scalar(), now),
        unroutable=unroutable,
        unhandled={row[0]: row[1] for row in unhandled},
        oldest_unhandled=_since(min((row[2] for row in unhandled if row[0] != "parked"), default=None), now),
        broker_silent=_since(session.execute(sa.select(broker_seen.c.seen_at)).scalar(), now),
    )


def _since(instant: datetime | None, now: datetime) -> timedelta | None:
    return max(now - instant, timedelta()) if instant is not None else None
