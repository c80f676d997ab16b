"""An e-mail as it travels (RFC 5322), the same for the mail server and the built-in inbox."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from services.notifications.carriers import Refused
from services.notifications.messages import Message


def build_email(message: Message, *, sender: str, sender_name: str, now: datetime) -> EmailMessage:
    """Return the e-mail; its Message-ID is the notice's id, so that a repeated one is known again.

    What is for a calendar is there twice: as an alternative, which calendars take in, and as a file for everybody
    else. Raises Refused when the address cannot stand in an e-mail at all.
    """
    email = EmailMessage(policy=SMTP if message.to.isascii() else SMTPUTF8)
    name, _, domain = message.to.rpartition("@")
    try:
        email["From"] = Address(display_name=sender_name, addr_spec=sender)
        email["To"] = Address(username=name, domain=domain)
        email["Subject"] = message.subject
    except (ValueError, IndexError) as error:
        raise Refused("the address is not one that e-mail can be sent to") from error
    email["Date"] = format_datetime(now)
    email["Message-ID"] = f"<{message.notice_id}@{sender.rpartition('@')[2]}>"
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(message.body)
    if message.invitation is not None:
        calendar = message.invitation
        email.add_alternative(calendar.content.decode(), subtype="calendar", params={"method": calendar.method})
        email.add_attachment(calendar.content, maintype="application", subtype="ics", filename="invitation.ics")
    return email
