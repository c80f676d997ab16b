"""Actions after decisions: how one stands, who may say that it is done, and what they must say with it."""

from datetime import date

from shared.errors import Conflict, Forbidden, Invalid, NotFound

OPEN, DONE, NOT_NEEDED, REOPENED = "open", "done", "not_needed", "reopened"
STATES = {OPEN: "Open", DONE: "Done", NOT_NEEDED: "Not needed any more"}
"""How an action can stand, with the words for it."""

MARKS = {DONE: "It is done", NOT_NEEDED: "It is not needed any more", REOPENED: "It is open again"}
"""What can be said of an action, with the words for it."""

_WHY = {NOT_NEEDED: "Enter why it is not needed any more", REOPENED: "Enter why it is open again"}

NOT_CHASED = ("withdrawn", "consent_withdrawn", "safeguarding")
"""Why a request was let go of, so that nobody is asked to act on it any more."""


class AlreadyMarked(Conflict):
    """Somebody has said something of the action that its writer has not seen."""


def state_of(mark: str | None) -> str:
    """Return how an action stands by the mark that counts; open where there is none."""
    return OPEN if mark in (None, REOPENED) else str(mark)


def marks_from(state: str) -> dict[str, str]:
    """Return what can be said of an action that stands so: an open one is done or not needed, any other opens again."""
    codes = (DONE, NOT_NEEDED) if state == OPEN else (REOPENED,)
    return {code: MARKS[code] for code in codes}


def marks_for(state: str, *, runs: bool, owns: bool) -> dict[str, str]:
    """Return what somebody may say of an action: only who runs the panel says that it is not needed any more."""
    if not (runs or owns):
        return {}
    return {code: words for code, words in marks_from(state).items() if runs or code != NOT_NEEDED}


def check_mark(mark: str, note: str, *, state: str, runs: bool, owns: bool) -> None:
    """Refuse a mark that this person may not set, that the action has already, or that lacks its reason.

    Raises NotFound, Forbidden, AlreadyMarked, Invalid.
    """
    if not (runs or owns):
        raise NotFound("There is no such action, or it is somebody else's.")
    if mark not in marks_from(state):
        raise AlreadyMarked(f"This action is {STATES[state].lower()} already.")
    if mark not in marks_for(state, runs=runs, owns=owns):
        raise Forbidden("The chair, a deputy or the coordinator of the panel says that an action is not needed.")
    if mark in _WHY and not note:
        raise Invalid(_WHY[mark], {"note": [_WHY[mark]]})


def is_overdue(due_on: date, state: str, today: date) -> bool:
    """Say whether an action is open after its day."""
    return state == OPEN and due_on < today
