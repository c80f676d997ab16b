"""One page of a list at a time."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

PAGE_SIZE = 50


def page_of(session: Session, statement: sa.Select[*tuple[Any, ...]], page: int) -> tuple[Sequence[Any], bool]:
    """Return the rows of a page of a list, the first page being 1, and whether there are more."""
    rows = session.execute(statement.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE + 1)).all()
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE
