"""Who prepares a meeting, and who may read its papers and when."""

from datetime import date, timedelta

SEATS = {"chair": "Chair", "deputy": "Deputy chair", "member": "Member", "coordinator": "Coordinator"}
"""The seats at a panel, with the words for them."""

LEADING_SEATS = ("chair", "deputy", "coordinator")
"""The seats that prepare a meeting: they see the list of families before the agenda closes."""

PAPERS_STAY_FOR = timedelta(days=14)


def papers_are_open(state: str, held_on: date, today: date) -> bool:
    """Say whether members may read the papers: from the closing of the agenda until 14 days after the meeting."""
    return state in ("agenda_closed", "in_session", "ended") and today <= held_on + PAPERS_STAY_FOR


def sees_families_before_closing(seat: str) -> bool:
    """Say whether whoever has this seat sees who is on an agenda that is still open."""
    return seat in LEADING_SEATS
