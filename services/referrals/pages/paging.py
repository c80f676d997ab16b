"""Which page of a list is shown, and where the others are."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

_LAST_POSSIBLE = 10_000


@dataclass(frozen=True)
class Paging:
    """One page of a list. `total` counts all of it."""

    page: int
    per_page: int
    total: int = 0

    @classmethod
    def of(cls, query: Mapping[str, str], per_page: int) -> "Paging":
        """Return the page that a query asks for; the first when it asks for none."""
        text = query.get("page", "1")
        page = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
        return cls(min(max(page, 1), _LAST_POSSIBLE), per_page)

    def with_total(self, total: int) -> "Paging":
        """Return the same page of a list of `total`."""
        return replace(self, total=total)

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return max(1, -(-self.total // self.per_page))
