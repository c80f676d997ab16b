"""Reads one page of a list."""

from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.directory.rules.paging import PageOf

_Row = TypeVar("_Row")
LARGEST_NUMBER = 100_000


def page_of(session: Session, statement: sa.Select[_Row], *, number: int, size: int) -> PageOf[_Row]:
    """Return page `number` (from 1) of what an ordered statement gives; past the end it is empty."""
    number = min(max(number, 1), LARGEST_NUMBER)
    total = session.scalar(sa.select(sa.func.count()).select_from(statement.order_by(None).subquery())) or 0
    rows = session.scalars(statement.limit(size).offset((number - 1) * size)).all()
    return PageOf(rows, number, size, total)


def containing(column: Any, text: str) -> sa.ColumnElement[bool]:
    """Return the condition that the column has every word of `text` somewhere in it, whatever their case."""
    return sa.and_(sa.true(), *(column.icontains(word, autoescape=True) for word in text.split()[:10]))
