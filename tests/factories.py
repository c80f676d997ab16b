"""Data for tests, showing only what matters: `a_person("front_door")`."""

from uuid import UUID, uuid4

from shared.identity import Person


def a_person(
    *roles: str, name: str = "Ana Sample", agency_id: UUID | None = None, person_id: UUID | None = None
) -> Person:
    """Return a person with these roles."""
    return Person(person_id or uuid4(), name, frozenset(roles), agency_id or uuid4(), "A sample agency")
