"""Who prepares a meeting, and who sees its families before its agenda closes."""

SEATS = {"chair": "Chair", "deputy": "Deputy chair", "member": "Member", "coordinator": "Coordinator"}
"""The seats at a panel, with the words for them."""

LEADING_SEATS = ("chair", "deputy", "coordinator")
"""The seats that prepare a meeting: they see the list of families before the agenda closes."""


def sees_families_before_closing(seat: str) -> bool:
    """Say whether whoever has this seat sees who is on an agenda that is still open."""
    return seat in LEADING_SEATS
