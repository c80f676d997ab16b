"""Every setting that the panel service reads."""

from dataclasses import dataclass

from shared.service import ServiceSettings
from shared.settings import setting


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """The settings of every service, and this one's database."""

    database_url: str = setting("DATABASE_URL_PANEL")
