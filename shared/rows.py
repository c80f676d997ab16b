"""What is written together: rows before anything else is asked, and what nobody asks for at the transaction's end.

The ORM's unit of work does the same for objects that are read again and changed. A row that is only written costs
a fraction of that here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache, lru_cache
from typing import Any, TypeVar, cast

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction

What = TypeVar("What")
Written = tuple[sa.Executable, Sequence[Mapping[str, Any]] | None]
"""A statement that gives nothing back, with the rows that it writes, None where it needs nothing."""


class RowSession(Session):
    """A session that also takes rows. Savepoints, flushes and the end of the transaction treat them as its objects."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.rows: dict[sa.Insert, list[Mapping[str, Any]]] = {}
        self.last: dict[Callable[[sa.Connection, list[Any]], Iterable[Written]], list[Any]] = {}

    def begin(self, nested: bool = False) -> SessionTransaction:
        """Begin, after writing whatever the savepoint is not to undo."""
        if nested:
            self.write_last()
        return super().begin(nested)

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what is waiting: objects, then rows, which may refer to them."""
        super().flush(objects)
        rows, self.rows = self.rows, {}
        _send_together(self, list(rows.items()))

    def write_last(self) -> None:
        """Write what waits for the end, after all that is waiting besides."""
        self.flush()
        last, self.last = self.last, {}
        _send_together(self, [each for write, those in last.items() for each in write(self.connection(), those)])


def add_row(session: Session, insert: sa.Insert, row: Mapping[str, Any]) -> None:
    """Have the row written with the others of this statement, at the latest when the transaction commits.

    All of them name the same columns: raises ValueError for one that does not, as SQL would leave out what it has more.
    The statement gives nothing back: what the database fills in is not asked for.
    """
    rows = _begun(session).rows.setdefault(insert, [])
    if rows and row.keys() != rows[0].keys():
        raise ValueError("rows that are written together name the same columns")
    rows.append(row)


@cache
def insert_into(table: type[DeclarativeBase]) -> sa.Insert:
    """Return the one statement that writes a table's rows by `add_row`."""
    return sa.insert(cast(sa.Table, table.__table__))


def at_the_end(session: Session, write: Callable[[sa.Connection, list[What]], Iterable[Written]], what: What) -> None:
    """Have `write` called once, when the transaction or savepoint is about to end well, with all that it was given.

    What it returns is written with what the others return. For what nobody reads in the same transaction. Its statements cost once, however much there is, and the locks
    that they need are held for no longer than the commit takes.
    """
    _begun(session).last.setdefault(write, []).append(what)


def _begun(session: Session) -> RowSession:
    if not isinstance(session, RowSession):
        raise TypeError("this session would forget what is given to it")
    if not session.in_transaction():
        session.begin()
    return session


def _send_together(session: RowSession, statements: Sequence[Written]) -> None:
    """Write everything in one journey to the database and back, however many statements it takes."""
    if not statements:
        return
    connection = session.connection()
    with _one_journey(connection) if len(statements) > 1 else nullcontext():
        for statement, rows in statements:
            connection.execute(_asking_nothing(statement), rows)


@contextmanager
def _one_journey(connection: sa.Connection) -> Iterator[None]:
    driver = connection.connection.driver_connection
    if driver is None:
        raise AssertionError("a connection that is open has its driver's")
    try:
        with driver.pipeline():
            yield
    except psycopg.Error as error:
        # What went wrong comes to light after the statement: SQLAlchemy cannot say it in its own terms by itself.
        raise sa.exc.DBAPIError.instance("", None, error, psycopg.Error, hide_parameters=True) from error


@lru_cache(maxsize=256)
def _asking_nothing(statement: sa.Executable) -> sa.Executable:
    # A single row would ask for the key that the database gives it, and wait for the answer.
    return statement.inline() if isinstance(statement, sa.Insert) else statement


@sa.event.listens_for(RowSession, "do_orm_execute")
def _before_a_statement(execution: sa.orm.ORMExecuteState) -> None:
    execution.session.flush()


@sa.event.listens_for(RowSession, "before_commit")
def _before_the_end(session: RowSession) -> None:
    session.write_last()


@sa.event.listens_for(RowSession, "after_soft_rollback")
def _after_undoing(session: RowSession, _transaction: SessionTransaction) -> None:
    session.rows.clear()
    session.last.clear()
