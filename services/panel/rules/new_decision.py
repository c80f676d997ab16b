"""A decision as somebody put it, before it is checked and recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from services.panel.rules.children import ChildDecision


@dataclass(frozen=True)
class NewAction:
    """What an agency is to do after a decision, and by when (a London date); `person_id` where somebody of it is named."""

    what: str
    agency_id: UUID
    due_on: date
    person_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class NewDecision:
    """A decision as it was put: `supersedes` is the one that its writer saw standing, if any.

    `children` says where it differs for a child, `dissent_by` who disagreed, `agreed_outside` what was agreed
    before or after the meeting, with whom.
    """

    outcome: str
    reasons: str
    details: Mapping[str, Any] = field(default_factory=dict)
    dissent: str = ""
    dissent_by: tuple[UUID, ...] = ()
    agreed_outside: str = ""
    actions: tuple[NewAction, ...] = ()
    children: tuple[ChildDecision, ...] = ()
    chaired_by: UUID | None = None
    supersedes: UUID | None = None


@dataclass(frozen=True)
class Urgent:
    """Why the chair decides before a meeting can, and whom they asked."""

    because: str
    consulted: str
