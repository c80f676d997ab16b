"""Who may read a family's paper and be told of it: the family's newest answer about sharing decides."""

from collections.abc import Collection, Mapping
from typing import Any

from services.panel.rules.paper import excluded_agencies
from shared.agencies import is_excluded
from shared.errors import Conflict, NotFound

CLOSED_BECAUSE = {
    "conflict": "You declared a conflict",
    "excluded": "The family does not want your agency to read it",
    "awaited": "The family has given a new answer about sharing, and we are fetching it",
    "not_shared": "The family has not agreed to share it",
    "left": "The request is no longer for this panel",
    "taken_away": "The family is no longer with your agency",
}
"""Why a paper is closed to somebody, with the words for it."""

CLOSED_IN_BRIEF = {
    "conflict": "conflict",
    "excluded": "excluded by the family",
    "awaited": "new answer awaited",
    "not_shared": "not shared",
    "left": "left the agenda",
    "taken_away": "no longer with the agency",
}
"""Why a paper is closed to somebody, in a word for whoever prepares the meeting."""

NO_PART = frozenset({"conflict", "excluded"})
"""Why somebody has no part in an item even where they run its meeting: they neither note nor decide it, nor hear whose it is."""

HIDES_DECISION = frozenset({"conflict", "excluded", "awaited"})
"""Why what was decided about a family is closed to somebody too."""


def reference_for_reader(reference: str, closed: str) -> str:
    """Return a family's reference; empty where it is `closed` to the reader because they have no part in the family."""
    return "" if closed in NO_PART else reference


class NotShared(Conflict):
    """The family has not agreed that others are told of it."""


class AnswerAwaited(Conflict):
    """The family has answered anew about sharing, and its answer has not been fetched yet."""


class CanBeRead(Conflict):
    """A paper is open to somebody who would put it aside as closed, or soon may be."""


def why_closed(
    newest: Mapping[str, Any] | None, *, agencies: Collection[str], is_awaited: bool, keeps_papers: bool = False
) -> str:
    """Return why a paper is closed to somebody of these agencies, by the newest paper there is; empty when it is open.

    Whoever prepares the meeting or takes its notes (`keeps_papers`) reads on while the family's answer is awaited
    or says no, because they have to act on it; nobody reads on from an agency that the family excluded.
    """
    if newest is not None and any(is_excluded(agency, excluded_agencies(newest)) for agency in agencies):
        return "excluded"
    if keeps_papers:
        return ""
    if is_awaited:
        return "awaited"
    return "" if newest is None or may_share(newest) else "not_shared"


def may_share(content: Mapping[str, Any]) -> bool:
    """Say whether others may be told of a family, as its owner says: by the family's answers, or overridden for safety."""
    return bool((content.get("consent") or {}).get("may_share"))


def check_may_be_told(newest: Mapping[str, Any] | None) -> None:
    """Refuse that an agency is told of a family, by the newest paper there is; raises NotShared."""
    if newest is not None and not may_share(newest):
        raise NotShared(
            "The family has not agreed that others are told of it. Nothing can be allocated, and no agency can be"
            " given an action. Choose another decision, or ask the family first."
        )


def stays_unread(closed: str) -> bool:
    """Say whether a paper is closed until the family says something else, by the code that says why."""
    return closed not in ("", "awaited")


def check_stays_unread(closed: str) -> None:
    """Refuse to put a request aside whose paper is open to the agency, or whose answer is awaited; raises CanBeRead."""
    if not stays_unread(closed):
        raise CanBeRead("This request is open to you, or will be in a minute. Read it.")


def check_may_take_on(closed: str) -> None:
    """Refuse that an agency takes on a family whose paper is closed to it; raises AnswerAwaited, NotFound."""
    if closed == "awaited":
        raise AnswerAwaited(
            "The family has given a new answer about sharing. We are fetching it: try again in a minute."
        )
    if closed:
        raise NotFound("This family is no longer offered to your agency.")
