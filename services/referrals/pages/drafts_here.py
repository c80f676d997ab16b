"""Which drafts this browser has open. Each has a number, which its addresses carry, so that a tab stays with its own.

The first has no number in its addresses: nearly everybody has one alone. An id never stands in an address.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import current_app, g, request, session

from services.referrals.pages import pages

_OPEN, _LAST, _NUMBER = "drafts", "draft", "of"
_MOST = 20
_BELOW = "/ask/"


def draft_here() -> UUID | None:
    """Return which draft this page is about, or the one that this browser had last; None when there is none."""
    number, numbered = _number_here(), _numbered()
    held = numbered[number - 1] if number and number <= len(numbered) else "" if number else session.get(_LAST, "")
    try:
        return UUID(held)
    except ValueError:
        return None


def use_draft(draft_id: UUID, *, is_over: Callable[[UUID], bool] | None = None) -> None:
    """Let what follows be about a draft. `is_over` says which of the others need no number any more."""
    numbered = _numbered()
    if is_over is not None and all(not held or is_over(UUID(held)) for held in numbered):
        numbered = []
    if str(draft_id) not in numbered:
        numbered = [*(numbered if len(numbered) < _MOST else []), str(draft_id)]
    session[_OPEN], session[_LAST] = numbered, str(draft_id)
    g.draft_number = numbered.index(str(draft_id)) + 1


def forget_draft_here() -> None:
    """Forget in this browser the draft that this page is about."""
    gone = str(draft_here())
    left = ["" if held == gone else held for held in _numbered()]
    session[_OPEN] = left if any(left) else []
    if session.get(_LAST) == gone:
        session.pop(_LAST)


@pages.url_defaults
def _with_number(endpoint: str, values: dict[str, Any]) -> None:
    if not any(_BELOW in rule.rule for rule in current_app.url_map.iter_rules(endpoint)):
        return
    number = _number_here() or _number_of_last()
    if number > 1:
        values.setdefault(_NUMBER, number)


def _number_here() -> int:
    """Return the number of the draft that this page is about; 0 for a page that is about none."""
    if number := g.get("draft_number"):
        return int(number)
    if _BELOW not in request.path:
        return 0
    number = request.args.get(_NUMBER, "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 3 else 1


def _number_of_last() -> int:
    numbered = _numbered()
    return numbered.index(session[_LAST]) + 1 if session.get(_LAST) in numbered else 0


def _numbered() -> list[str]:
    return list(session.get(_OPEN) or filter(None, [session.get(_LAST)]))
