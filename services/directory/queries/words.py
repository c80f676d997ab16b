"""Looks for words in a column."""

from typing import Any

import sqlalchemy as sa


def containing(column: Any, text: str) -> sa.ColumnElement[bool]:
    """Return the condition that the column has every word of `text` somewhere in it, whatever their case."""
    return sa.and_(sa.true(), *(column.icontains(word, autoescape=True) for word in text.split()[:10]))
