"""Lists are read a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

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
    def first_row(self) -> int:
        """Return the number of the first row shown, counted from 1; 0 when there is none."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last_row(self) -> int:
        """Return the number of the last row shown; 0 when there is none."""
        return self.first_row + len(self.rows) - 1 if self.rows else 0
