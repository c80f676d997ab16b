"""Rows that are written together: all that one statement inserts, at once, and before anything else is asked.

The ORM's unit of work does the same for objects that are read again and changed. A row that is only written costs
a fraction of that here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session


class RowSession(Session):
    """A session that also takes rows. Savepoints, flushes and the end of the transaction treat them as its objects."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.rows: dict[sa.Insert, list[Mapping[str, Any]]] = {}

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what is waiting: objects, then rows, which may refer to them."""
        super().flush(objects)
        rows, self.rows = self.rows, {}
        for insert, those in rows.items():
            self.connection().execute(insert, those)


def add_row(session: Session, insert: sa.Insert, row: Mapping[str, Any]) -> None:
    """Have the row written with the others of this statement, at the latest when the transaction commits.

    All of them name the same columns: raises ValueError for one that does not, as SQL would leave out what it has more.
    """
    if not isinstance(session, RowSession):
        raise TypeError("this session would forget the row")
    if not session.in_transaction():
        session.begin()
    rows = session.rows.setdefault(insert, [])
    if rows and row.keys() != rows[0].keys():
        raise ValueError("rows that are written together name the same columns")
    rows.append(row)


@sa.event.listens_for(RowSession, "do_orm_execute")
def _before_a_statement(execution: sa.orm.ORMExecuteState) -> None:
    execution.session.flush()


@sa.event.listens_for(RowSession, "before_commit")
def _before_the_end(session: RowSession) -> None:
    session.flush()


@sa.event.listens_for(RowSession, "after_soft_rollback")
def _after_undoing(session: RowSession, _transaction: sa.orm.SessionTransaction) -> None:
    session.rows.clear()
