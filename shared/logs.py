"""Structured logs, one JSON line an event, with the request id that follows a fact through the services.

Nothing personal is ever logged: ids, references, codes, counts and durations only. `keep` below
drops every key that is not on the list, so that a careless call cannot leak a name or a body.
"""

import logging
import sys
import threading
from typing import Any, TextIO

import structlog
from structlog.types import EventDict, Processor

LOGGED = frozenset(
    [
        "event",
        "level",
        "timestamp",
        "logger",
        "service",
        "request_id",
        "traceparent",
        "route",
        "method",
        "status",
        "milliseconds",
        "topic",
        "message_id",
        "family_key",
        "attempt",
        "outcome",
        "count",
        "job",
        "slot",
        "reference",
        "error",
        "error_type",
        "where",
        "queue",
        "role",
        "channel",
        "notice_id",
        "meeting_id",
        "port",
        "request_kind",
        "exception",
        "year",
    ]
)


def keep(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Drop every key that is not on the list of what may be logged."""
    return {key: value for key, value in event.items() if key in LOGGED}


def _note_dead_thread(what: threading.ExceptHookArgs) -> None:
    # Python's own words about a dying thread would quote the data that killed it.
    structlog.get_logger().error("thread_died", role=what.thread.name if what.thread else "", exc_info=what.exc_value)


def start_logs(*, stream: TextIO | None = None, level: str = "INFO") -> None:
    """Send structured logs to `stream` (standard error by default)."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _places_only,
        keep,
        structlog.processors.JSONRenderer(),
    ]
    threading.excepthook = _note_dead_thread
    structlog.configure(
        processors=shared,
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


def _places_only(_logger: Any, _method: str, event: EventDict) -> EventDict:
    # A traceback's message can quote the row or the form that failed, so only the type of the
    # exception and the places in our code are kept.
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["error_type"] = type(error).__name__
        event["where"] = _places(error)
    return event


def _places(error: BaseException) -> list[str]:
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 3)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-6:]
