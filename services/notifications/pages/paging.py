"""Lists in parts: which part is asked for, and where the others are."""

from dataclasses import dataclass
from math import ceil
from typing import Any

from flask import request, url_for

PER_PAGE = 50
_LAST_PAGE = 10_000


@dataclass(frozen=True)
class Part:
    """One page of a list, with the filters that the links to the others keep."""

    number: int
    total: int
    filters: dict[str, Any]

    @property
    def last(self) -> int:
        """Return the number of the last page, 1 when the list is empty."""
        return max(1, ceil(self.total / PER_PAGE))

    def link_to(self, number: int) -> str:
        """Return the address of another page of the list."""
        return url_for(request.endpoint or "", page=number, **self.filters)


def page_asked_for() -> int:
    """Return the page number in the address; 1 when there is none or it makes no sense."""
    number = request.args.get("page", 1, type=int)
    return number if 1 <= number <= _LAST_PAGE else 1


def offset_of(page: int) -> int:
    """Return how many entries come before a page."""
    return (page - 1) * PER_PAGE
