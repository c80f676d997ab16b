"""Who has opened the papers of a meeting, by member and by item. Plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

HOW_OPENED = {"api": "another program", "page": "page", "pdf": "PDF"}
"""How a paper is opened, with the words for it."""


@dataclass(frozen=True)
class Opened:
    """That somebody opened a paper: when first and last (UTC), how often, and how, by the codes of HOW_OPENED."""

    first_at: datetime
    last_at: datetime
    times: int
    how: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """Return on what the paper was opened: `page, PDF`."""
        return ", ".join(HOW_OPENED[code] for code in self.how)


@dataclass(frozen=True)
class Reader:
    """Somebody with a seat, with what they opened and what is closed to them, by the item's id."""

    person_id: UUID
    name: str
    agency: str
    seat: str
    opened: Mapping[UUID, Opened]
    closed: Mapping[UUID, str]

    def not_opened(self, item_ids: Sequence[UUID]) -> list[UUID]:
        """Return the items that this person could open and has not."""
        return [item_id for item_id in item_ids if item_id not in self.opened and item_id not in self.closed]

    @property
    def last_at(self) -> datetime | None:
        """Return when this person last opened a paper of the meeting, or None."""
        return max((one.last_at for one in self.opened.values()), default=None)


def together(both: Sequence[tuple[str, datetime, datetime, int]]) -> Opened:
    """Return one person's openings of one paper as one: each is how, first, last, times."""
    return Opened(
        first_at=min(first for _, first, _, _ in both),
        last_at=max(last for _, _, last, _ in both),
        times=sum(times for _, _, _, times in both),
        how=tuple(sorted(how for how, _, _, _ in both)),
    )
