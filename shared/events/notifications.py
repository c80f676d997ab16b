"""What notifications announces: what could not be delivered, to those who must act on it, and when a referrer was told."""

from dataclasses import dataclass
from uuid import UUID

from shared.messaging.contract import event


@event("notifications.notice_failed.v1")
@dataclass(frozen=True)
class NoticeFailed:
    """A message about a request did not arrive, or perhaps not, at the referrer or the family: somebody must tell them."""

    notice_id: UUID
    request_id: UUID
    family_id: UUID
    reference: str
    recipient: str


@event("notifications.notice_settled.v1")
@dataclass(frozen=True)
class NoticeSettled:
    """A message that failed needs nobody any more: it is sent again, did arrive, was told otherwise or is kept back."""

    notice_id: UUID
    request_id: UUID
    family_id: UUID
    reference: str


@event("notifications.referrer_told.v1")
@dataclass(frozen=True)
class ReferrerTold:
    """A referrer knows that a panel decided. `how`: message, person (somebody saw to it), nobody (there is nobody to tell)."""

    decision_id: UUID
    request_id: UUID
    family_id: UUID
    reference: str
    how: str
