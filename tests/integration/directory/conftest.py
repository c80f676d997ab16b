"""The directory with people in it."""

from collections.abc import Callable
from uuid import UUID

import pytest
from argon2 import PasswordHasher

from services.directory.actions import passwords
from services.directory.actions.people import add_person
from services.directory.rules.people import PersonDetails
from services.directory.tables import AgencyRow
from tests.integration.conftest import Running

PASSWORD = "three random words"

AddPerson = Callable[..., UUID]


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with less work than the product does: these tests hash some hundred times."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._nobodys_hash.cache_clear()


@pytest.fixture
def directory(start: Callable[..., Running]) -> Running:
    """Give the directory on an empty database."""
    return start("directory")


@pytest.fixture
def an_agency(directory: Running) -> Callable[[str], UUID]:
    """Give a function that adds an agency."""

    def add(name: str) -> UUID:
        with directory.database.begin() as session:
            row = AgencyRow(name=name)
            session.add(row)
            session.flush()
            return row.id

    return add


@pytest.fixture
def add(directory: Running) -> AddPerson:
    """Give a function that adds a person with a role and PASSWORD."""
    return adder(directory)


def adder(running: Running) -> AddPerson:
    """Return a function that adds people to a running directory."""

    def add(
        email: str, *roles: str, name: str = "Ana Sample", agency_id: UUID | None = None, password: str = PASSWORD
    ) -> UUID:
        details = PersonDetails(name, "", email, "", agency_id, roles or ("referrer",))
        with running.database.begin() as session:
            now = running.clock.now()
            return add_person(session, details, by="a test", localities=(), now=now, password=password).id

    return add
