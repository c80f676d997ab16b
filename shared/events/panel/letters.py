"""Letters from the chair, for who has something to do with one."""

from dataclasses import dataclass
from uuid import UUID

from shared.messaging.contract import event


@event("panel.letter_check_asked.v1")
@dataclass(frozen=True)
class LetterCheckAsked:
    """Somebody was named by somebody else to check a letter that is held."""

    letter_id: UUID
    request_id: UUID
    family_id: UUID
    reference: str
    checker_id: UUID
