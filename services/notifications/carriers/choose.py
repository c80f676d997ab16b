"""Which carrier the settings name."""

from datetime import datetime

from services.notifications.carriers import Carrier, Refused
from services.notifications.carriers.gateway import Gateway
from services.notifications.carriers.inbox import BuiltInInbox
from services.notifications.carriers.smtp import MailServer
from services.notifications.messages import Message
from services.notifications.settings import Settings
from shared.service import Resources


def carrier_of(resources: Resources) -> Carrier:
    """Return the carrier that the settings name."""
    settings: Settings = resources.settings
    if settings.carrier == "inbox":
        return BuiltInInbox(resources.database, settings.sender, resources.authority.name)
    return ByChannel(
        email=MailServer(settings, resources.authority.name),
        sms=Gateway(settings.sms_gateway_url, settings.sms_gateway_token) if settings.sms_gateway_url else NoGateway(),
    )


class ByChannel:
    """E-mail one way, texts another."""

    is_repeatable = False

    def __init__(self, *, email: Carrier, sms: Carrier) -> None:
        self._carriers = {"email": email, "sms": sms}

    def send(self, message: Message, now: datetime) -> None:
        """Take the message by its channel."""
        self._carriers[message.channel].send(message, now)


class NoGateway:
    """Says plainly that texts cannot be sent."""

    is_repeatable = True

    def send(self, message: Message, now: datetime) -> None:  # noqa: ARG002
        """Refuse every text."""
        raise Refused("no SMS gateway is configured")
