"""Every setting that the referrals service reads."""

from dataclasses import dataclass

from shared.service import ServiceSettings
from shared.settings import setting

_SHORTEST_TOKEN = 5


def read_tokens(text: str) -> tuple[tuple[str, str], ...]:
    """Return `name:token,name2:token2` as pairs; raises ValueError."""
    tokens: dict[str, str] = {}
    for part in text.split(","):
        name, _, token = part.strip().partition(":")
        if not name or len(token) < _SHORTEST_TOKEN or name in tokens:
            raise ValueError("must be name:token, with commas between, each name once")
        tokens[name] = token
    return tuple(tokens.items())


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """The settings of every service, this one's database, and the portals that may send requests."""

    database_url: str = setting("DATABASE_URL_REFERRALS")
    portal_tokens: tuple[tuple[str, str], ...] = setting("PORTAL_TOKENS", default=(), read=read_tokens)
