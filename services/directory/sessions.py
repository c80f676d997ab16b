"""Makes the signed session of a person who has signed in."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response

from services.directory.settings import Settings
from services.directory.tables import PersonRow
from shared.clock import SystemClock
from shared.identity import SESSION_LASTS, Person, sign_session
from shared.web.access import SESSION_COOKIE


@dataclass(frozen=True)
class Session:
    """A session's token, and until when it is good (UTC)."""

    token: str
    expires_at: datetime


def real_now() -> datetime:
    """Return the real time: a session and the wait after failed tries last by it, also in a rehearsal."""
    return SystemClock().now()


def session_for(row: PersonRow, settings: Settings) -> Session:
    """Return a new session for the person; call it while their row is locked, so that a change of it ends this one."""
    person = Person(
        person_id=row.id,
        name=row.name,
        roles=frozenset(row.roles),
        agency_id=row.agency_id,
        agency_name=row.agency.name if row.agency else "",
    )
    issued_at = real_now()
    return Session(sign_session(person, settings.session_private_key, now=issued_at), issued_at + SESSION_LASTS)


def keep_session(response: Response, session: Session, settings: Settings) -> None:
    """Let the browser keep the session: out of reach of scripts and of other sites' forms."""
    response.set_cookie(
        SESSION_COOKIE,
        session.token,
        max_age=SESSION_LASTS,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=settings.public_url.startswith("https://"),
    )


def drop_session(response: Response) -> None:
    """Let the browser forget the session."""
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="Lax")
