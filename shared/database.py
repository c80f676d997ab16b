"""One PostgreSQL database per service: engine, sessions, column habits."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from shared.rows import RowSession

NAMING = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}
"""Constraint names that PostgreSQL itself would choose, so that a migration can name what it drops."""


_SETTINGS = "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"


class Database:
    """A service's own database. `begin()` is one transaction; the door that opens it owns the commit."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = url
        self.engine = _engine(url, pool_size=pool_size, max_overflow=8, pool_timeout=10, pool_pre_ping=True)
        self._sessions = sessionmaker(self.engine, class_=RowSession, expire_on_commit=False)
        self._hasty: list[HastyDatabase] = []

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Give a session whose work is committed at the end, or rolled back when anything is raised."""
        with self._sessions.begin() as session:
            yield session

    def in_haste(self, patience: timedelta) -> "HastyDatabase":
        """Return a way to it for many small transactions in a row; it is closed with this one."""
        self._hasty.append(HastyDatabase(self.url, patience))
        return self._hasty[-1]

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session for reading only; PostgreSQL refuses a write in it, and it takes nothing to write later."""
        with Session(self.engine) as session:
            session.execute(sa.text("SET TRANSACTION READ ONLY"))
            yield session

    def answers(self) -> bool:
        """Say whether the database answers now."""
        try:
            with self.engine.connect() as connection:
                connection.execute(sa.text("SELECT 1"))
        except sa.exc.SQLAlchemyError:
            return False
        return True

    def close(self) -> None:
        """Close every connection."""
        for hasty in self._hasty:
            hasty.close()
        self.engine.dispose()


class HastyDatabase:
    """One connection to it, for one who has many small transactions to make and can make each in another way too.

    A transaction fails when it has waited `patience` for a lock that somebody else holds. It fails also when
    the connection was lost since the last, which is not asked beforehand; the next has a new one.
    """

    def __init__(self, url: str, patience: timedelta) -> None:
        milliseconds = f"{patience / timedelta(milliseconds=1):.0f}"
        self._engine = _engine(url, f" -c lock_timeout={milliseconds}", pool_size=1, max_overflow=0)
        # One statement for many rows, where psycopg's dialect would send one for each.
        self._engine.dialect.use_insertmanyvalues_wo_returning = True
        self._sessions = sessionmaker(self._engine, class_=RowSession, expire_on_commit=False)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Give a session whose work is committed at the end, or rolled back when anything is raised."""
        with self._sessions.begin() as session:
            yield session

    def close(self) -> None:
        """Close the connection."""
        self._engine.dispose()


def _engine(url: str, more_settings: str = "", **pool: Any) -> sa.Engine:
    connecting = {"connect_timeout": 5, "options": _SETTINGS + more_settings}
    return sa.create_engine(url, hide_parameters=True, connect_args=connecting, **pool)
