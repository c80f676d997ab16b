"""What notifications announces: what could not be delivered, to those who must act on it."""

from dataclasses import dataclass
from uuid import UUID

from shared.messaging.contract import event


@event("notifications.notice_failed.v1")
@dataclass(frozen=True)
class NoticeFailed:
    """A message about a request could not be delivered to the referrer or the family; somebody must ring them."""

    notice_id: UUID
    request_id: UUID
    family_id: UUID
    reference: str
    recipient: str
