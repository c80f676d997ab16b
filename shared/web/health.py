"""Is the service alive, and is it ready for work?

Whoever sends requests to a process, or starts it again, asks `live`. `ready` is for monitoring: a service whose broker
is away goes on taking requests in, and what it announces waits in its outbox.
"""

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app

from shared.clock import TrainingClock
from shared.messaging.backlog import Backlog, backlog
from shared.service import Resources
from shared.web.access import open_to_everyone

_OUTBOX_TOO_OLD = timedelta(seconds=60)
_BROKER_SILENT_TOO_LONG = timedelta(seconds=30)
"""The publisher writes down every few seconds that the broker answers; this bears a change of the leader in between."""
_NOT_READY = {"stuck", "away"}


def blueprint(name: str) -> Blueprint:
    """Return the health routes of a service."""
    pages = Blueprint("health", name)

    @pages.get("/health/live")
    @open_to_everyone("a load balancer asks")
    def live() -> dict[str, str]:
        """Say that the process answers."""
        return {"status": "live"}

    @pages.get("/health/ready")
    @open_to_everyone("monitoring asks; counts only")
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
        waiting = backlog(session)
    checks = {
        "database": "answers",
        "outbox": "stuck" if _is_longer(waiting.oldest_unsent, _OUTBOX_TOO_OLD) else "moves",
    }
    if resources.settings.broker_url != "memory://":
        checks["broker"] = _broker(waiting)
    report: dict[str, Any] = {
        "status": "not_ready" if _NOT_READY & set(checks.values()) else "ready",
        "checks": checks,
        "outbox_waiting": waiting.unsent,
        "inbox_waiting": dict(waiting.unhandled),
    }
    if isinstance(resources.clock, TrainingClock):
        reading = resources.clock.reading()
        report["clock"] = {
            "now": reading.now.isoformat(),
            "moves_to": reading.moves_to.isoformat(),
            "stopped_by": reading.stopped_by,
        }
    return report


def _broker(waiting: Backlog) -> str:
    """Say whether the publisher heard from the broker lately: a web process itself never asks it."""
    is_away = waiting.broker_silent is None or waiting.broker_silent > _BROKER_SILENT_TOO_LONG
    return "away" if is_away else "answers"


def _is_longer(age: timedelta | None, limit: timedelta) -> bool:
    return age is not None and age > limit
