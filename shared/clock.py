"""What time it is: the real time, or the time of a rehearsal.

Instants are UTC; rules work in London dates and are given "today". A training clock stands still
until somebody moves it on; it is kept in each service's own database, so that every process of the
service reads the same time, and walks through the timed jobs in their order (`shared/timetable.py`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import sqlalchemy as sa

from shared.database import NAMING

clock_metadata = sa.MetaData(naming_convention=NAMING)
clock_reading = sa.Table(
    "clock_reading",
    clock_metadata,
    sa.Column(
        "only_row",
        sa.Boolean,
        primary_key=True,
        server_default=sa.true(),
    ),
    sa.Column("now_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("moves_to", sa.DateTime(timezone=True), nullable=False),
    sa.Column("stopped_by", sa.Text),  # The timed job that did not finish, where the clock stopped on its way.
    sa.CheckConstraint("only_row", name="only_row"),
)


CLOCK_CHANNEL = "clock"
"""Where PostgreSQL tells the clock role that the clock was aimed further."""


@dataclass(frozen=True)
class Reading:
    """Where a training clock stands and where it is going (UTC), and the job that stopped it on its way, if one did."""

    now: datetime
    moves_to: datetime
    stopped_by: str | None = None


class Clock(Protocol):
    """Something that tells the time."""

    is_training: bool

    def now(self) -> datetime:
        """Return the present instant in UTC."""


class SystemClock:
    """The real time."""

    is_training = False

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)


class TrainingClock:
    """A clock that stands still until it is moved on; refused unless the settings say so."""

    is_training = True

    def __init__(self, engine: sa.Engine, starts_at: datetime) -> None:
        self._engine = engine
        self._starts_at = starts_at

    def now(self) -> datetime:
        """Return where the rehearsal stands, in UTC."""
        return self.reading().now

    def reading(self) -> Reading:
        """Return where the clock stands, where it is going, and what stopped it."""
        columns = (clock_reading.c.now_at, clock_reading.c.moves_to, clock_reading.c.stopped_by)
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(*columns)).first()
        if row is not None:
            return Reading(*row)
        first = self._set_first_reading()
        return Reading(first, first)

    def step_to(self, instant: datetime) -> None:
        """Let the clock show `instant`, or what it shows when that is later: it never goes backwards."""
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(clock_reading).values(
                    now_at=sa.func.greatest(clock_reading.c.now_at, instant), stopped_by=None
                )
            )

    def stop_for(self, job: str) -> None:
        """Note which timed job the clock waits for where it stands."""
        with self._engine.begin() as connection:
            connection.execute(sa.update(clock_reading).values(stopped_by=job))

    def _set_first_reading(self) -> datetime:
        with self._engine.begin() as connection:
            connection.execute(
                sa.text(
                    "INSERT INTO clock_reading (now_at, moves_to) VALUES (:at, :at) ON CONFLICT (only_row) DO NOTHING"
                ),
                {"at": self._starts_at},
            )
            reading: datetime = connection.execute(sa.select(clock_reading.c.now_at)).scalar_one()
        return reading


def aim_clock_at(connection: sa.Connection, instant: datetime) -> None:
    """Let the training clock be on its way to `instant` (UTC); the service's clock role walks it there."""
    connection.execute(
        sa.text(
            "INSERT INTO clock_reading (now_at, moves_to) VALUES (:at, :at)"
            " ON CONFLICT (only_row) DO UPDATE SET moves_to = GREATEST(clock_reading.moves_to, :at)"
        ),
        {"at": instant},
    )
    connection.execute(sa.text(f"NOTIFY {CLOCK_CHANNEL}"))
