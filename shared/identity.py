"""Who is asking: a person with a signed session, or a neighbouring service with a signed pass.

A session is signed by the directory with a key that only it holds (Ed25519), so every service can
check one without asking, and no other service can make one. A pass between services lives a minute.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt

ROLES = {
    "referrer": "Sends requests and follows what became of them",
    "front_door": "Triages requests",
    "front_door_manager": "Decides to go on without consent, for a child's safety",
    "social_worker": "Asks for step-downs",
    "coordinator": "Runs calendars, agendas, papers and minutes",
    "panel_member": "Reads papers and decides at meetings",
    "agency_manager": "Accepts or declines allocations",
    "lead_practitioner": "Holds plans and reviews them",
    "information_officer": "Answers subject access requests, reads the audit",
    "administrator": "Looks after people, agencies and panels",
}
"""Every role with what it is for; a person has one or more."""

SESSION_LASTS = timedelta(hours=8)
_PASS_LASTS = timedelta(seconds=60)


class SessionRefused(Exception):
    """The session or pass is damaged, out of date or signed by somebody else."""


@dataclass(frozen=True)
class Person:
    """A signed-in person, as the directory knew them when they signed in."""

    person_id: UUID
    name: str
    roles: frozenset[str]
    agency_id: UUID | None
    agency_name: str = ""

    def has(self, *roles: str) -> bool:
        """Say whether the person has any of these roles."""
        return bool(self.roles.intersection(roles))


@dataclass(frozen=True)
class SignedSession:
    """What a session token says: whose it is, and when the directory issued it (UTC, real time)."""

    person: Person
    issued_at: datetime


def sign_session(person: Person, private_key: str, *, now: datetime | None = None) -> str:
    """Return a session token for the person, good for SESSION_LASTS of real time."""
    issued_at = now or datetime.now(UTC)
    claims = {
        "sub": str(person.person_id),
        "name": person.name,
        "roles": sorted(person.roles),
        "agency": str(person.agency_id) if person.agency_id else None,
        "agency_name": person.agency_name,
        # With its fraction: a session that follows the end of the earlier ones within the second is good.
        "iat": issued_at.timestamp(),
        "exp": issued_at + SESSION_LASTS,
        "aud": "session",
    }
    return jwt.encode(claims, private_key, algorithm="EdDSA")


def read_session(token: str, public_key: str) -> SignedSession:
    """Return what a session token says; raises SessionRefused. Whether it ended early is in `shared/ended_sessions.py`."""
    claims = _claims(token, public_key, "EdDSA", "session", "iat")
    agency = claims.get("agency")
    person = Person(
        person_id=UUID(claims["sub"]),
        name=claims["name"],
        roles=frozenset(claims["roles"]),
        agency_id=UUID(agency) if agency else None,
        agency_name=claims.get("agency_name", ""),
    )
    return SignedSession(person, datetime.fromtimestamp(claims["iat"], UTC))


def sign_pass(service: str, neighbour: str, key: str) -> str:
    """Return a pass with which `service` may ask `neighbour` once or more within the next minute."""
    claims = {"iss": service, "aud": neighbour, "exp": datetime.now(UTC) + _PASS_LASTS}
    return jwt.encode(claims, key, algorithm="HS256")


def read_pass(token: str, service: str, key: str) -> str:
    """Return which neighbour shows this pass to `service`; raises SessionRefused."""
    return str(_claims(token, key, "HS256", service)["iss"])


def _claims(token: str, key: str, algorithm: str, audience: str, *and_also: str) -> dict[str, Any]:
    required = ["exp", "aud", *and_also]
    try:
        return jwt.decode(token, key, algorithms=[algorithm], audience=audience, options={"require": required})
    except jwt.PyJWTError as error:
        raise SessionRefused(str(error)) from error
