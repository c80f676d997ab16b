"""Put a notice that did not arrive before those who ring people, and take it away from them again.

Of a referrer or a family the front door hears too, where it has the request before it.
"""

from sqlalchemy.orm import Session

from services.notifications.tables import NoticeRow
from shared.events.notifications import NoticeFailed, NoticeSettled
from shared.messaging.outbox import announce

_AT_THE_REQUEST = ("referrer", "family")


def ask_for_person(session: Session, notice: NoticeRow) -> None:
    """Put a notice before a person.

    A message that may have arrived is one to ask about, as well as one that surely did not: nobody else can find
    out. About what is held back nobody is asked to ring, and of a draft nobody knows whose it is.
    """
    if notice.is_held_back or notice.recipient_kind == "draft":
        return
    notice.needs_person = True
    if notice.recipient_kind in _AT_THE_REQUEST and notice.request_id and notice.family_id:
        announce(
            session,
            NoticeFailed(notice.id, notice.request_id, notice.family_id, notice.reference, notice.recipient_kind),
        )


def needs_nobody(session: Session, notice: NoticeRow) -> None:
    """Take a notice away from those who ring people; nothing happens when it is not with them."""
    if not notice.needs_person:
        return
    notice.needs_person = False
    if notice.recipient_kind in _AT_THE_REQUEST and notice.request_id and notice.family_id:
        announce(session, NoticeSettled(notice.id, notice.request_id, notice.family_id, notice.reference))
