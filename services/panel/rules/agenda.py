"""In which order a meeting hears families, and who may read their papers and when."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from services.panel.rules.queue import Waiting, place_in_line

SEATS = {"chair": "Chair", "deputy": "Deputy chair", "member": "Member", "coordinator": "Coordinator"}
"""The seats at a panel, with the words for them."""

LEADING_SEATS = ("chair", "deputy", "coordinator")
"""The seats that prepare a meeting: they see the list of families before the agenda closes."""

PAPERS_STAY_FOR = timedelta(days=14)


def agenda_order(items: Sequence[Waiting]) -> list[Waiting]:
    """Return the items as the meeting hears them.

    Urgent families first, then those sent back from an earlier meeting or an agency, then the longest wait,
    then the reference. Requests for one family follow each other, where the first of them stands.
    """
    first_of: dict[UUID, tuple[int, bool, date, str]] = {}
    for item in items:
        line = place_in_line(item)
        first_of[item.family_id] = min(first_of.get(item.family_id, line), line)
    return sorted(items, key=lambda item: (first_of[item.family_id], place_in_line(item)))


def papers_are_open(state: str, held_on: date, today: date) -> bool:
    """Say whether members may read the papers: from the closing of the agenda until 14 days after the meeting."""
    return state in ("agenda_closed", "in_session", "ended") and today <= held_on + PAPERS_STAY_FOR


def sees_families_before_closing(seat: str) -> bool:
    """Say whether whoever has this seat sees who is on an agenda that is still open."""
    return seat in LEADING_SEATS
