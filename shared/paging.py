"""Lists are read a page at a time: which rows, and where they stand in the whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

PAGE_SIZE = 25
LONG_PAGE_SIZE = 50
_LAST_PAGE = 100_000

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class PageOf(Generic[_Row]):
    """One page of a list: its rows, and where it stands in the whole; pages are counted from 1."""

    rows: Sequence[_Row]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def has_more(self) -> bool:
        """Say whether rows come after this page."""
        return self.number < self.pages

    @property
    def first_row(self) -> int:
        """Return the number of the first row shown, counted from 1; 0 when there is none."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last_row(self) -> int:
        """Return the number of the last row shown; 0 when there is none."""
        return self.first_row + len(self.rows) - 1 if self.rows else 0


def page_of(session: Session, statement: sa.Select[_Row], *, number: int, size: int = PAGE_SIZE) -> PageOf[_Row]:
    """Return page `number` (from 1) of the objects that an ordered statement gives; past the end it is empty."""
    return page_of_lines(session, statement, lambda row: row, number=number, size=size)


def page_of_lines(
    session: Session,
    statement: sa.Select[*tuple[Any, ...]],
    line: Callable[..., _Row],
    *,
    number: int,
    size: int = PAGE_SIZE,
) -> PageOf[_Row]:
    """Return a page as `page_of` does, of what `line` makes of each row's columns."""
    number = min(max(number, 1), _LAST_PAGE)
    rows = session.execute(statement.limit(size).offset((number - 1) * size))
    return PageOf([line(*row) for row in rows], number, size, count_of(session, statement))


def count_of(session: Session, statement: sa.Select[*tuple[Any, ...]]) -> int:
    """Return how many rows a statement gives in all."""
    return session.scalar(sa.select(sa.func.count()).select_from(statement.order_by(None).subquery())) or 0
