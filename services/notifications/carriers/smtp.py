"""A mail server: one connection per message, each step with a time-out.

What fails before the text is handed over was surely not sent. When the connection is lost after that, nobody
knows, and the message is never given again by itself.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

from services.notifications.carriers import Later, NobodyKnows, Refused
from services.notifications.carriers.mail import build_email
from services.notifications.messages import Message
from services.notifications.settings import Settings

SECONDS = 20.0
_ENHANCED_CODE = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}\b")
_AWAY = (OSError, smtplib.SMTPServerDisconnected)
_UNUSABLE = (OSError, smtplib.SMTPException)


class MailServer:
    """Sends e-mail by SMTP."""

    is_repeatable = False

    def __init__(self, settings: Settings, sender_name: str) -> None:
        self._settings = settings
        self._sender_name = sender_name

    def send(self, message: Message, now: datetime) -> None:
        """Hand the message to the mail server."""
        sender = self._settings.sender
        email = build_email(message, sender=sender, sender_name=self._sender_name, now=now)
        server = self._connect()
        try:
            _address(server, sender, message.to)
            _hand_over(server, email)
        finally:
            _leave(server)

    def _connect(self) -> smtplib.SMTP:
        # Also a wrong password or a bad certificate only puts mail off: somebody will mend it, and nothing is lost.
        try:
            server = smtplib.SMTP(self._settings.smtp_host, self._settings.smtp_port, timeout=SECONDS)
        except _UNUSABLE as error:
            raise Later(f"the mail server cannot be used: {type(error).__name__}") from error
        try:
            self._greet(server)
        except _UNUSABLE as error:
            server.close()
            raise Later(f"the mail server cannot be used: {type(error).__name__}") from error
        return server

    def _greet(self, server: smtplib.SMTP) -> None:
        if self._settings.smtp_starttls:
            server.starttls(context=ssl.create_default_context())
        if self._settings.smtp_user:
            server.login(self._settings.smtp_user, self._settings.smtp_password)


def _address(server: smtplib.SMTP, sender: str, to: str) -> None:
    server.ehlo_or_helo_if_needed()
    options: tuple[str, ...] = ()
    if not to.isascii():
        if not server.has_extn("smtputf8"):
            raise Refused("the mail server takes only addresses in plain letters")
        options = ("SMTPUTF8",)
        server.command_encoding = "utf-8"
    _say(lambda: server.mail(sender, options), "the sender")
    _say(lambda: server.rcpt(to), "the recipient")


def _hand_over(server: smtplib.SMTP, email: EmailMessage) -> None:
    try:
        code, text = server.data(email.as_bytes())
    except smtplib.SMTPDataError as error:
        _check(error.smtp_code, error.smtp_error, "the message")
    except _AWAY as error:
        raise NobodyKnows("the mail server went silent while it took the message") from error
    else:
        _check(code, text, "the message")


def _say(command: Callable[[], tuple[int, bytes]], what: str) -> None:
    try:
        code, text = command()
    except _AWAY as error:
        raise Later("the mail server hung up") from error
    _check(code, text, what)


def _check(code: int, text: bytes | str, what: str) -> None:
    if 200 <= code < 300:
        return
    words = f"the mail server refused {what}: {_codes(code, text)}"
    raise Refused(words) if code >= 500 else Later(words)


def _codes(code: int, text: bytes | str) -> str:
    """Return only the numbers of an answer: its words often repeat the address."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    enhanced = _ENHANCED_CODE.match(words)
    return f"{code} {enhanced.group()}" if enhanced else str(code)


def _leave(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
