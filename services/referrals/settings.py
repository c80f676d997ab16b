"""Every setting that the referrals service reads."""

from dataclasses import dataclass

from shared.service import ServiceSettings
from shared.settings import secret, setting


def read_tokens(text: str) -> tuple[tuple[str, str], ...]:
    """Return `name:token,name2:token2` as pairs; raises ValueError."""
    tokens: dict[str, str] = {}
    for part in text.split(","):
        name, _, token = part.strip().partition(":")
        if not name or not token or name in tokens:
            raise ValueError("must be name:token, with commas between, each name once")
        tokens[name] = secret(token)
    return tuple(tokens.items())


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """The settings of every service, this one's database, and the portals that may send requests."""

    database_url: str = setting("DATABASE_URL_REFERRALS")
    portal_tokens: tuple[tuple[str, str], ...] = setting("PORTAL_TOKENS", default=(), read=read_tokens)
