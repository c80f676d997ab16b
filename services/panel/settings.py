"""Every setting that the panel service reads."""

from dataclasses import dataclass

from shared.service import ServiceSettings
from shared.settings import count, setting


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """The settings of every service, and this one's database."""

    database_url: str = setting("DATABASE_URL_PANEL")
    live_followers: int = setting("LIVE_FOLLOWERS", default=0, read=count)
    """How many may follow meetings from each process; each holds one of its threads. 0: their pages ask now and then."""
