"""What is kept of a form that somebody has not saved: no more than such a form can hold."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from shared.errors import Invalid

NOTES = "notes"
"""The form on which notes are typed, as what was not saved names it."""
DECISION = "decision-"
"""How the names of the forms begin on which decisions are typed, one for each outcome."""
UNSAVED_KEPT = timedelta(days=1)
"""How long what nobody saved is kept: a meeting, and until the next morning."""
_FORM = re.compile(r"[a-z][a-z_-]{0,39}")
_MOST_FIELDS = 200
_LONGEST = 60_000


def form_of(outcome: str) -> str:
    """Return the name of the form on which a decision of this outcome is typed."""
    return DECISION + outcome


def check_kept(form: str, fields: Mapping[str, Sequence[str]]) -> None:
    """Refuse a form that no page has, and more than a form can hold; raises Invalid."""
    if not _FORM.fullmatch(form):
        raise Invalid("There is no such form.")
    length = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    if len(fields) > _MOST_FIELDS or length > _LONGEST:
        raise Invalid("This is too long to be kept until it is saved. Save it now.")
