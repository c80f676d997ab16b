"""Server-sent events: whoever follows something is woken by PostgreSQL's notices, all by one connection that listens.

A follower holds a thread for as long as they follow, so a process takes only as many as its settings allow.
"""

import select
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
import structlog
from sqlalchemy.engine import make_url

_LOOK_UP_SECONDS = 1.0
"""How soon whoever follows is let go when the process is told to stop."""
_PAUSE_AFTER_LOSS = 1.0

log = structlog.get_logger()


class TooManyFollow(Exception):
    """This process, or this person, follows as much as it may already."""


@dataclass(frozen=True)
class Notice:
    """What has changed of the thing that is followed: its version, None where it must be looked up, and what, in words."""

    version: int | None
    what: frozenset[str] = frozenset()


class Follower:
    """One who follows; several notices that came meanwhile are one when they look."""

    def __init__(self, key: str, who: str) -> None:
        self.key, self.who = key, who
        self._changed = threading.Condition()
        self._notice: Notice | None = None
        self._is_over = False

    def wait(self, seconds: float) -> Notice | None:
        """Return what has changed since the last look, or None when nothing does within so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._notice is not None or self._is_over, seconds)
            notice, self._notice = self._notice, None
            return notice

    @property
    def is_over(self) -> bool:
        """Say whether the process is about to stop."""
        return self._is_over

    def tell(self, version: int | None, *what: str) -> None:
        """Wake whoever follows."""
        with self._changed:
            before = self._notice or Notice(version)
            newest = None if None in (version, before.version) else max(version or 0, before.version or 0)
            self._notice = Notice(newest, before.what.union(what))
            self._changed.notify_all()

    def let_go(self) -> None:
        """Wake them for the last time."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()


class Followers:
    """Everybody who follows something in this process. A notice reads `<key> <version> <what changed>`."""

    def __init__(self, database_url: str, channel: str, *, most: int, most_each: int) -> None:
        self._url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._channel = channel
        self._most, self._most_each = most, most_each
        self._lock = threading.Lock()
        self._following: set[Follower] = set()
        self._each: Counter[str] = Counter()
        self._listening: threading.Thread | None = None
        self._stop = threading.Event()
        self.is_stopping: Callable[[], bool] = lambda: False
        """Asked every second; whoever serves this process says here when it is told to stop."""

    def follow(self, key: str, who: str) -> Follower:
        """Take somebody in, who must be let go again with `leave`; raises TooManyFollow."""
        with self._lock:
            if len(self._following) >= self._most or self._each[who] >= self._most_each or self._stop.is_set():
                raise TooManyFollow
            follower = Follower(key, who)
            self._following.add(follower)
            self._each[who] += 1
            if self._listening is None:
                self._listening = threading.Thread(target=self._listen, name="followers", daemon=True)
                self._listening.start()
        return follower

    def leave(self, follower: Follower) -> None:
        """Forget somebody who no longer follows; safe to repeat."""
        with self._lock:
            if follower in self._following:
                self._following.remove(follower)
                self._each[follower.who] -= 1

    def __len__(self) -> int:
        """Return how many follow now."""
        return len(self._following)

    def end(self) -> None:
        """Let everybody go, and take nobody in any more."""
        self._stop.set()
        for follower in self._everybody():
            follower.let_go()

    def _everybody(self) -> list[Follower]:
        with self._lock:
            return list(self._following)

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                for key, version, what in self._notices():
                    for follower in self._everybody():
                        if key in (follower.key, ""):
                            follower.tell(version, *what)
            except psycopg.Error as lost:
                log.warning("followers_interrupted", exc_info=lost)
                self._stop.wait(_PAUSE_AFTER_LOSS)

    def _notices(self) -> Iterator[tuple[str, int | None, tuple[str, ...]]]:
        """Give each notice until told to stop; the first, for every key, says to look: one may have been missed before."""
        with psycopg.connect(
            self._url, autocommit=True, connect_timeout=5, keepalives_idle=5, keepalives_interval=2, keepalives_count=2
        ) as connection:
            connection.execute(f"LISTEN {self._channel}")
            yield "", None, ()
            while not self._stop.is_set():
                for notice in connection.notifies(timeout=0):
                    key, version, what = notice.payload.split(" ")
                    yield key, int(version), (what,)
                # psycopg's own wait wakes ten times a second, for Ctrl-C's sake.
                select.select([connection], [], [], _LOOK_UP_SECONDS)
                if self.is_stopping():
                    self.end()


def stream(
    follower: Follower, version: int, look_up: Callable[[], int], *, beat_seconds: float, length_seconds: float
) -> Iterator[str]:
    """Give the events of a follower who has seen `version`, until their time is over or the process stops.

    Each carries the newest version as its id, so that a browser that comes back says what it has seen.
    """
    yield "retry: 1000\n\n"
    until = time.monotonic() + length_seconds
    while not follower.is_over and time.monotonic() < until:
        notice = follower.wait(beat_seconds)
        if notice is None:
            # An event and not a comment, which a page does not see: it says that the connection is not lost.
            yield "event: here\ndata: here\n\n"
            continue
        newest = look_up() if notice.version is None else notice.version
        if newest > version:
            version = newest
            # A browser drops an event without data.
            yield f"id: {version}\nevent: moved\ndata: {' '.join(sorted(notice.what)) or 'something'}\n\n"
