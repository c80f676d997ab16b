"""Data for tests, showing only what matters: `a_person("front_door")`."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from shared.events.referrals import RequestReceived
from shared.identity import Person


def a_person(
    *roles: str, name: str = "Ana Sample", agency_id: UUID | None = None, person_id: UUID | None = None
) -> Person:
    """Return a person with these roles."""
    return Person(person_id or uuid4(), name, frozenset(roles), agency_id or uuid4(), "A sample agency")


def a_fact(reference: str, family: UUID | None = None) -> RequestReceived:
    """Return a fact about a request of this family, else of one of its own."""
    return RequestReceived(uuid4(), family or uuid4(), reference, "request", datetime(2026, 11, 2, tzinfo=UTC))
