"""One active copy of a role per service, by an advisory lock that dies with its holder."""

import select
import threading
import time
from types import TracebackType

import psycopg
from sqlalchemy.engine import make_url

_TRY_AGAIN_SECONDS = 2.0
_LOOK_UP_SECONDS = 1.0
_SETTINGS = "-c tcp_keepalives_idle=4 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3 -c statement_timeout=30000"
"""PostgreSQL would keep the lock of a machine that vanished for two hours; so it lets go within seven seconds."""


class LeadershipLost(psycopg.OperationalError):
    """The connection that held the lock is gone."""


class Leadership:
    """Holds the advisory lock `role` on a connection of its own; entering waits until it is ours or `stop` is set."""

    def __init__(self, database_url: str, role: str, stop: threading.Event) -> None:
        self._url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._role = role
        self._stop = stop
        self.connection: psycopg.Connection[tuple[object, ...]]

    def __enter__(self) -> "Leadership":
        self.connection = psycopg.connect(
            self._url,
            autocommit=True,
            connect_timeout=5,
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=2,
            options=_SETTINGS,
        )
        while not self._stop.is_set() and not self._took_the_lock():
            self._stop.wait(_TRY_AGAIN_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def check(self) -> None:
        """Raise LeadershipLost when the connection that holds the lock no longer answers."""
        try:
            self.connection.execute("SELECT 1")
        except psycopg.Error as error:
            raise LeadershipLost(str(error)) from error

    def wait_for_notice(self, timeout: float) -> bool:
        """Wait for a NOTIFY on a channel that was listened to; say whether one came within `timeout` seconds.

        Returns early when told to stop; raises LeadershipLost when the server ends the connection.
        """
        until = time.monotonic() + timeout
        try:
            while not any(True for _ in self.connection.notifies(timeout=0)):
                left = until - time.monotonic()
                if left <= 0 or self._stop.is_set():
                    return False
                # psycopg's own wait wakes ten times a second, for Ctrl-C's sake, and that costs an idle process most.
                select.select([self.connection], [], [], min(left, _LOOK_UP_SECONDS))
        except psycopg.Error as error:
            raise LeadershipLost(str(error)) from error
        return True

    def _took_the_lock(self) -> bool:
        row = self.connection.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (self._role,)).fetchone()
        return bool(row and row[0])
