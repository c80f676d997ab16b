"""The built-in inbox of a training system: messages are kept whole, and shown at `/notifications/inbox`."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from services.notifications.carriers import before_handing_over
from services.notifications.carriers.mail import build_email
from services.notifications.messages import Message
from services.notifications.tables import DeliveredMessageRow
from shared.database import Database


class BuiltInInbox:
    """Keeps what people would have got; the same notice again changes nothing."""

    is_repeatable = True

    def __init__(self, database: Database, sender: str, sender_name: str) -> None:
        self._database = database
        self._sender = sender
        self._sender_name = sender_name

    def send(self, message: Message, now: datetime) -> None:
        """Keep the message."""
        with before_handing_over("the inbox cannot be written to"), self._database.begin() as session:
            session.execute(
                insert(DeliveredMessageRow)
                .values(
                    notice_id=message.notice_id,
                    to_address=message.to,
                    channel=message.channel,
                    subject=message.subject,
                    body=message.body,
                    raw=self._raw(message, now),
                    at=now,
                )
                .on_conflict_do_nothing()
            )

    def _raw(self, message: Message, now: datetime) -> bytes:
        if message.channel == "sms":
            return message.body.encode()
        return build_email(message, sender=self._sender, sender_name=self._sender_name, now=now).as_bytes()
