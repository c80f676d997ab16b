"""Every setting that the notifications service reads."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from shared.service import ServiceSettings
from shared.settings import setting, yes_or_no


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """Where messages leave: the built-in inbox of a training system, or a mail server and an SMS gateway."""

    database_url: str = setting("DATABASE_URL_NOTIFICATIONS")
    carrier: str = setting("CARRIER", default="inbox", choices=("inbox", "smtp"))
    mail_from: str = setting("MAIL_FROM", default="")
    smtp_host: str = setting("SMTP_HOST", default="")
    smtp_port: int = setting("SMTP_PORT", default=587, read=int)
    smtp_user: str = setting("SMTP_USER", default="")
    smtp_password: str = setting("SMTP_PASSWORD", default="")
    smtp_starttls: bool = setting("SMTP_STARTTLS", default=True, read=yes_or_no)
    sms_gateway_url: str = setting("SMS_GATEWAY_URL", default="")
    sms_gateway_token: str = setting("SMS_GATEWAY_TOKEN", default="")

    def __post_init__(self) -> None:
        """Refuse to start where messages would quietly go nowhere."""
        super().__post_init__()
        if self.carrier == "inbox" and not self.is_training:
            raise SystemExit(
                "Cannot start: CARRIER=smtp must be set. The built-in inbox is only for a training system (TRAINING=yes)."
            )
        if self.carrier == "smtp" and not (self.smtp_host and self.mail_from):
            raise SystemExit("Cannot start: CARRIER=smtp needs SMTP_HOST and MAIL_FROM.")

    @property
    def domain(self) -> str:
        """Return the host of the public address, for ids that must be unique in the world."""
        return urlsplit(self.public_url).hostname or "earlyhelp"

    @property
    def sender(self) -> str:
        """Return the address that messages come from."""
        return self.mail_from or f"early-help@{self.domain}"
