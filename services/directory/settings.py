"""Every setting that the directory reads."""

from dataclasses import dataclass
from uuid import UUID

import jwt

from shared.identity import Person, SessionRefused, read_session, sign_session
from shared.service import ServiceSettings
from shared.settings import setting

_NOBODY = Person(UUID(int=0), "Nobody", frozenset(), None)


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """The settings of every service, the key that signs sessions, and what signing in needs to know."""

    database_url: str = setting("DATABASE_URL_DIRECTORY")
    session_private_key: str = setting("SESSION_PRIVATE_KEY")
    sample_password: str = setting("SAMPLE_PASSWORD", default="")

    def __post_init__(self) -> None:
        super().__post_init__()
        try:
            read_session(sign_session(_NOBODY, self.session_private_key), self.session_public_key)
        except (SessionRefused, jwt.PyJWTError, ValueError, TypeError) as error:
            raise SystemExit(
                "Cannot start: SESSION_PRIVATE_KEY is not the private half of SESSION_PUBLIC_KEY."
            ) from error

    @property
    def password_of_samples(self) -> str:
        """Return the password that every sample person has; empty on a system that is not for training."""
        return self.sample_password if self.is_training else ""
