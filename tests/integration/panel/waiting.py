"""Waiting for another connection, which waits for a lock."""

import time

import sqlalchemy as sa
from sqlalchemy.orm import Session


def somebody_waits(session: Session) -> None:
    """Return once another connection waits for a lock that this one holds; fails after 20 seconds."""
    waits = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
    until = time.monotonic() + 20
    while not session.scalar(waits):
        assert time.monotonic() < until, "nobody waits for what is held here"
        time.sleep(0.05)
