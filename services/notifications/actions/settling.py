"""What a person does about a notice that did not arrive, or perhaps not: send it again, or see to it."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.notifications import queries
from services.notifications.actions.needing_a_person import needs_nobody
from services.notifications.actions.word_to_referrer import announce_told
from services.notifications.rules.templates import TEMPLATES
from services.notifications.tables import STATES, NoticeRow
from shared.audit import record
from shared.errors import Conflict

REASONS_TO_SEND_AGAIN = {
    "address_put_right": "The address has been put right",
    "system_works_again": "Mail or texts work again",
    "recipient_asked": "The recipient says that nothing came",
}
"""Why a notice is sent again, as the audit keeps it."""

ARRIVED, SEEN_TO = "arrived", "seen_to"
ENDINGS = {
    ARRIVED: "It arrived: they say so",
    SEEN_TO: "Somebody has told them another way, or has put right what was wrong",
}
"""How a notice needs nobody any more, as the audit keeps it."""

_NOT_ARRIVED = ("failed", "unknown", "not_sent")


class CannotSendAgain(Conflict):
    """The notice is on its way, has arrived, or may not be sent any more."""


class NeedsNobody(Conflict):
    """Nobody has to act on the notice, or somebody did meanwhile."""


def send_again(session: Session, notice_id: UUID, *, reason: str, person_id: UUID) -> None:
    """Let a notice that did not arrive be sent once more; raises NotFound, CannotSendAgain."""
    notice = queries.notice(session, notice_id, for_change=True)
    if not may_be_sent_again(notice):
        raise CannotSendAgain(f"This message is {STATES[notice.state].lower()} and cannot be sent again now.")
    before = notice.state
    notice.state, notice.attempts, notice.waits = "created", 0, 0
    notice.claim_id, notice.last_error = None, ""
    notice.next_attempt_at = sa.func.now()
    needs_nobody(session, notice)
    record(session, who=person_id, did="send_again", subject="notice", subject_id=notice_id, reason=reason, was=before)


def see_to(session: Session, notice_id: UUID, *, ending: str, person_id: UUID) -> None:
    """Keep that a notice needs nobody any more; raises NotFound, NeedsNobody."""
    notice = queries.notice(session, notice_id, for_change=True)
    if ending not in endings_of(notice):
        raise NeedsNobody(f"This message is {STATES[notice.state].lower()}: there is nothing left to do about it.")
    before = notice.state
    notice.state = "delivered" if ending == ARRIVED else "seen_to"
    needs_nobody(session, notice)
    announce_told(session, notice, "person")
    record(session, who=person_id, did="see_to", subject="notice", subject_id=notice_id, ending=ending, was=before)


def may_be_sent_again(notice: NoticeRow) -> bool:
    """Say whether somebody may let a notice be sent once more; what was held back stays held back."""
    return notice.template in TEMPLATES and not notice.is_held_back and notice.state in _NOT_ARRIVED


def endings_of(notice: NoticeRow) -> dict[str, str]:
    """Return how somebody may end what a notice needs; only what may have left can have arrived."""
    if not notice.needs_person:
        return {}
    return {code: label for code, label in ENDINGS.items() if code != ARRIVED or notice.state == "unknown"}
