"""Is the service alive, and is it ready for work?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, current_app

from shared.clock import TrainingClock
from shared.messaging.tables import inbox, outbox
from shared.service import Resources
from shared.web.access import open_to_everyone

_OUTBOX_TOO_OLD = timedelta(seconds=60)


def blueprint(name: str) -> Blueprint:
    """Return the health routes of a service."""
    pages = Blueprint("health", name)

    @pages.get("/health/live")
    @open_to_everyone("a load balancer asks")
    def live() -> dict[str, str]:
        """Say that the process answers."""
        return {"status": "live"}

    @pages.get("/health/ready")
    @open_to_everyone("a load balancer asks; counts only")
    def ready() -> tuple[dict[str, Any], int]:
        """Say whether the service can do its work, and what is waiting in it."""
        report = readiness(current_app.extensions["resources"])
        return report, 200 if report["status"] == "ready" else 503

    return pages


def readiness(resources: Resources) -> dict[str, Any]:
    """Return `status` ready or not_ready, each check, what waits, and the training clock's way."""
    if not resources.database.answers():
        return {"status": "not_ready", "checks": {"database": "away"}}
    with resources.database.read() as session:
        unsent = session.execute(
            sa.select(sa.func.count(), sa.func.min(outbox.c.announced_at)).where(
                outbox.c.sent_at.is_(None), outbox.c.parked_at.is_(None)
            )
        ).one()
        open_facts = session.execute(
            sa.select(inbox.c.status, sa.func.count())
            .where(inbox.c.status.in_(("retry", "blocked", "parked")))
            .group_by(inbox.c.status)
        ).all()
    too_old = unsent[1] is not None and datetime.now(UTC) - unsent[1] > _OUTBOX_TOO_OLD
    report: dict[str, Any] = {
        "status": "not_ready" if too_old else "ready",
        "checks": {"database": "answers", "outbox": "stuck" if too_old else "moves"},
        "outbox_waiting": unsent[0],
        "inbox_waiting": {row[0]: row[1] for row in open_facts},
    }
    if isinstance(resources.clock, TrainingClock):
        reading = resources.clock.reading()
        report["clock"] = {
            "now": reading.now.isoformat(),
            "moves_to": reading.moves_to.isoformat(),
            "stopped_by": reading.stopped_by,
        }
    return report
