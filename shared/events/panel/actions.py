"""Actions that are due or overdue."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.messaging.contract import event


@event("panel.actions_due.v1", key="recipient_id")
@dataclass(frozen=True)
class ActionsDue:
    """Actions of a person, or of an agency that named nobody, are due soon; `due_on` is the first of their days.

    `recipient_kind` is person or agency. With one action alone there is its family's reference, else none.
    """

    recipient_kind: str
    recipient_id: UUID
    action_ids: tuple[UUID, ...]
    reference: str
    due_on: date  # London date


@event("panel.actions_overdue.v1", key="recipient_id")
@dataclass(frozen=True)
class ActionsOverdue:
    """Actions were not marked as done by their day; fields as in ActionsDue. `told_as` is owner, agency or panel.

    The owner is told first; later the managers of the owner's agency and who coordinates the panel too.
    """

    recipient_kind: str
    recipient_id: UUID
    told_as: str
    action_ids: tuple[UUID, ...]
    reference: str
    due_on: date  # London date
