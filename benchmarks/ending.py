"""When a run ended: PostgreSQL notes the time of each commit, so the rows are counted seldom and timed exactly."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import Connection, sql

from benchmarks.processes import Contender

_LOOK_EVERY_SECONDS = 0.2
_SECONDS_AT_MOST = 300.0


class TooSlow(Exception):
    """The rows did not come in time; the text says how many did."""


class Ending:
    """Waits for rows in a table; the time runs from its making to the commit of the last row, by PostgreSQL's clock."""

    def __init__(self, connection: Connection, table: str, rows: int) -> None:
        self._connection = connection
        self._table = sql.Identifier(table)
        self._rows = rows
        self._began_at = self._value(sql.SQL("SELECT clock_timestamp()"))

    def seconds(self, contenders: Sequence[Contender]) -> float:
        """Wait until all rows are committed, and return the seconds; raises TooSlow, and ContenderFailed."""
        deadline = time.monotonic() + _SECONDS_AT_MOST
        count = sql.SQL("SELECT count(*) FROM {}").format(self._table)
        while (found := self._value(count)) < self._rows:
            for contender in contenders:
                contender.check()
            if time.monotonic() > deadline:
                raise TooSlow(f"{found} of {self._rows} rows after {_SECONDS_AT_MOST:.0f} s")
            time.sleep(_LOOK_EVERY_SECONDS)
        last = sql.SQL("SELECT max(pg_xact_commit_timestamp(xmin)) FROM {}").format(self._table)
        ended_at: datetime = self._value(last)
        return float((ended_at - self._began_at).total_seconds())

    def _value(self, query: sql.SQL | sql.Composed) -> Any:
        row = self._connection.execute(query).fetchone()
        return row[0] if row else None
