"""Where a decision about a family says something else for one of its children."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.panel.rules.decisions import ALLOCATE, OUTCOMES, Follows
from shared.errors import Invalid

CHILD_OUTCOMES = {code: one.label for code, one in OUTCOMES.items() if one.follows is not Follows.QUEUED}
"""What can be decided for one child alone: a family waits for a meeting, or is heard, as a whole."""


@dataclass(frozen=True, kw_only=True)
class ChildDecision:
    """What is decided for one child; an empty part is as it is for the family."""

    child_ref: str
    outcome: str = ""
    service_id: UUID | None = None
    level_number: int | None = None
    note: str = ""

    @property
    def is_allocated_elsewhere(self) -> bool:
        """Say whether this child goes to a service of its own."""
        return self.service_id is not None


def check_children(children: Sequence[ChildDecision], refs: Sequence[str], *, outcome: str) -> None:
    """Refuse what cannot be decided for a child of its own; raises Invalid with the place in `children` of each fault.

    `refs` are the children of the family's paper, `outcome` is the family's.
    """
    faults: dict[int, dict[str, list[str]]] = {}
    seen: set[str] = set()
    for number, child in enumerate(children):
        fault = _fault(child, refs, seen, outcome)
        seen.add(child.child_ref)
        if fault is not None:
            field, message = fault
            faults[number] = {field: [message]}
    if faults:
        raise Invalid("What is decided for one child is not right.", {"children": faults})


def _fault(child: ChildDecision, refs: Sequence[str], seen: set[str], outcome: str) -> tuple[str, str] | None:
    if child.child_ref not in refs:
        return "child_ref", "Select a child of this family"
    if child.child_ref in seen:
        return "child_ref", "This child has been answered for already"
    return _fault_of_outcome(child, outcome) or _fault_of_note(child, outcome)


def _fault_of_outcome(child: ChildDecision, outcome: str) -> tuple[str, str] | None:
    if OUTCOMES[outcome].follows is Follows.QUEUED:
        return "outcome", "The whole family comes back, so nothing is decided for one child yet"
    if child.outcome and child.outcome not in CHILD_OUTCOMES:
        return "outcome", "Select what is decided for this child"
    if child.service_id is not None and (child.outcome or outcome) != ALLOCATE:
        return "service_id", "A service is only chosen for a child who is allocated to one"
    if child.outcome == ALLOCATE and outcome != ALLOCATE and child.service_id is None:
        return "service_id", "Select the service for this child"
    return None


def _fault_of_note(child: ChildDecision, outcome: str) -> tuple[str, str] | None:
    if not _differs(child, outcome):
        return "note", "Say what is different for this child"
    return None if child.note else ("note", "Enter why it is different for this child")


def _differs(child: ChildDecision, outcome: str) -> bool:
    has_own_outcome = child.outcome not in ("", outcome)
    return has_own_outcome or child.service_id is not None or child.level_number is not None or bool(child.note)


def positions(content: Mapping[str, object]) -> dict[str, int]:
    """Return the place of each child in the paper, from 1, by its ref."""
    children = content.get("children")
    listed = children if isinstance(children, list) else []
    return {str(child.get("ref", "")): place for place, child in enumerate(listed, 1)}
