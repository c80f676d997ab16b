"""Reads of the training clock."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.clock import clock_reading


def clock_goes_to(session: Session, now: datetime) -> datetime:
    """Return the instant that the training clock is on its way to; `now` when it stands still."""
    target = session.scalar(sa.select(clock_reading.c.moves_to))
    return max(target, now) if target is not None else now


def clock_stopped_by(session: Session) -> str | None:
    """Return the timed job of the directory that the training clock waits for, or None."""
    return session.scalar(sa.select(clock_reading.c.stopped_by))


def hold_clock(session: Session) -> None:
    """Let no other transaction move the clock until this one ends."""
    session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended('training clock', 2))"))
