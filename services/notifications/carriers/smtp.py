"""A mail server: one connection per message, each step with a time-out.

A mail server has a message only when it was given the dot that ends it (RFC 5321, 4.1.1.4). What fails before that
was surely not sent. When the answer to the dot is lost, nobody knows, and the message is never given again by itself.
"""

import re
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage

from services.notifications.carriers import Later, NobodyKnows, Refused, before_handing_over
from services.notifications.carriers.mail import build_email
from services.notifications.messages import Message
from services.notifications.settings import Settings

SECONDS = 15.0
SECONDS_TO_TAKE_IT = 60.0
"""How long the answer to the whole message may take: many servers look for spam before they give it."""

_ENHANCED_CODE = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}\b")
_LOST = (OSError, smtplib.SMTPException)
_GO_ON = 354


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
        with before_handing_over("the mail server cannot be used"):
            server = self._connect()
        try:
            with before_handing_over("the mail server hung up or gave no answer"):
                self._greet(server)
                _address(server, sender, message.to)
                _say_all_but_the_dot(server, email)
            _hand_over(server)
        finally:
            _leave(server)

    def _connect(self) -> smtplib.SMTP:
        return smtplib.SMTP(self._settings.smtp_host, self._settings.smtp_port, timeout=SECONDS)

    def _greet(self, server: smtplib.SMTP) -> None:
        # Also a wrong password or a bad certificate only puts mail off: somebody will mend it, and nothing is lost.
        with before_handing_over("the mail server cannot be used"):
            if self._settings.smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if self._settings.smtp_user:
                server.login(self._settings.smtp_user, self._settings.smtp_password)
            server.ehlo_or_helo_if_needed()


def _address(server: smtplib.SMTP, sender: str, to: str) -> None:
    options: tuple[str, ...] = ()
    if not to.isascii():
        if not server.has_extn("smtputf8"):
            raise Refused("the mail server takes only addresses in plain letters")
        options = ("SMTPUTF8",)
        server.command_encoding = "utf-8"
    _check(*server.mail(sender, options), "the sender")
    _check(*server.rcpt(to), "the recipient")


def _say_all_but_the_dot(server: smtplib.SMTP, email: EmailMessage) -> None:
    # smtplib's own data() says the text and its dot in one step, so that nobody could tell where it failed.
    text = email.as_bytes()
    code, answer = server.docmd("DATA")
    if code != _GO_ON:
        _check(code, answer, "the message")
        raise Later(f"the mail server did not wait for the message: {code}")
    server.send(re.sub(rb"(?m)^\.", b"..", text).removesuffix(b"\r\n") + b"\r\n")


def _hand_over(server: smtplib.SMTP) -> None:
    if server.sock is not None:
        server.sock.settimeout(SECONDS_TO_TAKE_IT)
    try:
        server.send(b".\r\n")
        code, answer = server.getreply()
    except _LOST as error:
        raise NobodyKnows("the mail server went silent while it took the message") from error
    if not 200 <= code < 600:
        raise NobodyKnows("the mail server gave an answer to the message that cannot be read")
    _check(code, answer, "the message")


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
    # The time for a goodbye that never comes is not worth holding the next message up.
    if server.sock is not None:
        server.sock.settimeout(SECONDS)
    try:
        server.quit()
    except _LOST:
        server.close()
