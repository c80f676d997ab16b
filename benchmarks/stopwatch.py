"""Where a consuming process's time goes: each watched function's own seconds, without those of the watched ones it calls."""

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

import psycopg

from shared.messaging import consumer
from shared.messaging.contract import EventType
from shared.messaging.inbox import Inbox
from shared.messaging.transport.receiver import KombuReceiver

_KINDS = [
    re.compile(kind, re.DOTALL)
    for kind in (
        r"SELECT (pg_\w+|set_config)",
        r"(SELECT)\b.*? FROM (\w+)",
        r"(INSERT INTO|UPDATE|DELETE FROM) (\w+)",
        r"(\w+)",
    )
]


class Stopwatch:
    """Adds up what one thread does; a watched function that calls another stands still meanwhile."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._running = threading.local()

    def watch(self, owner: Any, name: str, what: str | Callable[..., str]) -> None:
        """Time the function `name` of a class or module as `what`, or as what `what` makes of its arguments."""
        function = getattr(owner, name)

        @wraps(function)
        def watched(*args: Any, **kwargs: Any) -> Any:
            label = what if isinstance(what, str) else what(*args, **kwargs)
            caller = getattr(self._running, "label", None)
            self._change_to(label)
            so_far = self.seconds[label]
            try:
                result = function(*args, **kwargs)
            finally:
                self._change_to(caller)
            if result == []:
                # It waited for messages and none came: the consumer was at rest.
                self.seconds[label] = so_far
            return result

        setattr(owner, name, watched)

    def _change_to(self, label: str | None) -> None:
        now = time.perf_counter()
        before = getattr(self._running, "label", None)
        if before is not None:
            self.seconds[before] += now - self._running.since
        self._running.label, self._running.since = label, now


def watch_consumer() -> Stopwatch:
    """Watch the steps of a consuming process: broker, envelope, fact, handler, each kind of statement, commit."""
    stopwatch = Stopwatch()
    stopwatch.watch(KombuReceiver, "receive", "broker: waiting for messages, and reading them")
    stopwatch.watch(KombuReceiver, "acknowledge", "broker: acknowledging")
    stopwatch.watch(consumer, "read_envelope", "envelope: reading the JSON")
    stopwatch.watch(EventType, "load", "fact: checking and making it (marshmallow)")
    stopwatch.watch(Inbox, "take_together", "Python: the inbox, the handler, SQLAlchemy")
    stopwatch.watch(psycopg.Cursor, "execute", _statement)
    stopwatch.watch(psycopg.Cursor, "executemany", _statement)
    stopwatch.watch(psycopg.Connection, "commit", "SQL: commit")
    return stopwatch


def leave(stopwatch: Stopwatch, path: Path) -> None:
    """Write the seconds down for the benchmark to read."""
    path.write_text(json.dumps(stopwatch.seconds), encoding="utf-8")


def seconds_in(path: Path) -> Mapping[str, float]:
    """Return the seconds that a process left."""
    seconds: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
    return seconds


def _statement(_cursor: Any, query: Any, *_args: Any, **_kwargs: Any) -> str:
    """Return the statement's verb and its first table, never a value."""
    text = " ".join(str(query).split())
    found = next((match for kind in _KINDS if (match := kind.match(text))), None)
    # SQLAlchemy asks with an empty statement whether a pooled connection still lives.
    return f"SQL: {' '.join(found.groups())}" if found else "SQL: is the connection alive"
