"""What panels decided."""

from dataclasses import dataclass
from uuid import UUID

from shared.messaging.contract import Instant, event


@event("panel.decision_made.v1")
@dataclass(frozen=True)
class DecisionMade:
    """A meeting decided about a family. `outcome` is a code of the panel's decision set.

    `children_outcomes` are the codes of what was decided otherwise for one of the children, each once.
    """

    decision_id: UUID
    request_id: UUID
    family_id: UUID
    reference: str
    meeting_id: UUID
    outcome: str
    decided_at: Instant
    children_outcomes: tuple[str, ...] = ()
