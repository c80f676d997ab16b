"""How long the gap was: from a fault until something that began after it had gone its whole way."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from statistics import median

from tests.faults.load import Entry
from tests.faults.reckoning import Fact, Notice

Way = Sequence[tuple[datetime, datetime]]
"""When each thing began and when it was done (UTC)."""


def of_facts(facts: Iterable[Fact], *, owner: str = "", reader: str = "", either: str = "") -> Way:
    """Return the ways of facts from announced to handled: of one owner, of one reader, or of a service as either."""
    return [
        (fact.announced_at, fact.handled_at)
        for fact in facts
        if fact.handled_at
        and owner in ("", fact.owner)
        and reader in ("", fact.reader)
        and either in ("", fact.owner, fact.reader)
    ]


def of_requests(entries: Iterable[Entry]) -> Way:
    """Return the ways of requests from sent to answered."""
    return [(entry.began_at, entry.got_at) for entry in entries]


def of_notices(notices: Iterable[Notice]) -> Way:
    """Return when messages to people were sent; how long each had waited for its turn is no part of a gap."""
    return [(notice.sent_at, notice.sent_at) for notice in notices if notice.sent_at]


def gap_after(fault_at: datetime, way: Way) -> float | None:
    """Return the seconds from a fault until the first of what began after it was done; None when nothing was."""
    done = [done_at for began_at, done_at in way if began_at >= fault_at]
    return (min(done) - fault_at).total_seconds() if done else None


def in_words(gaps: Sequence[float]) -> str:
    """Return the median and the longest of some gaps."""
    return f"{median(gaps):.1f} s / {max(gaps):.1f} s" if gaps else "-"
