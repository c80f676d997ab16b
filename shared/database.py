"""One PostgreSQL database per service: engine, sessions, column habits."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

NAMING = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}
"""Constraint names that PostgreSQL itself would choose, so that a migration can name what it drops."""


class Database:
    """A service's own database. `begin()` is one transaction; the door that opens it owns the commit."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = url
        self.engine = sa.create_engine(
            url,
            pool_size=pool_size,
            max_overflow=8,
            pool_timeout=10,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={
                "connect_timeout": 5,
                "options": "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000 -c timezone=UTC",
            },
        )
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Give a session whose work is committed at the end, or rolled back when anything is raised."""
        with self._sessions.begin() as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session for reading only; PostgreSQL refuses a write in it."""
        with self._sessions() as session:
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
        """Close every pooled connection."""
        self.engine.dispose()


def give_way(session: Session, after: timedelta) -> None:
    """Have the transaction fail when it has waited `after` for a lock that somebody else holds."""
    milliseconds = f"{after / timedelta(milliseconds=1):.0f}ms"
    session.execute(sa.text("SELECT set_config('lock_timeout', :after, true)"), {"after": milliseconds})
