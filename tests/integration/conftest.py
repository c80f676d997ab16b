"""One service with a real PostgreSQL, through its doors. Neighbours and clock are fakes; the database never is."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from flask import Flask
from flask.testing import FlaskClient

from services.embedded.postgres import PrivatePostgres
from shared.authority import load_profile
from shared.database import Database
from shared.identity import Person, sign_pass, sign_session
from shared.messaging.contract import event_type_of
from shared.messaging.envelope import Envelope
from shared.messaging.inbox import Inbox
from shared.messaging.tables import outbox
from shared.service import Resources, Service
from shared.settings import read_settings
from shared.web.access import SESSION_COOKIE
from tests.fakes import FakeClock, FakeNeighbours
from tests.integration.databases import Place, Shelf, migrated_template

_KEY = Ed25519PrivateKey.generate()
PRIVATE_KEY = _KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
PUBLIC_KEY = _KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
PORTAL_TOKEN = "a-portal-token-that-only-the-tests-know"
FILE_KEYS = f"1:{base64.b64encode(b'a key that only the tests know!!').decode()}"
NEIGHBOUR_KEY = "a key that only the tests know, and long enough"


@dataclass
class Running:
    """A service under test."""

    service: Service
    resources: Resources
    clock: FakeClock
    neighbours: FakeNeighbours
    app: Flask

    @property
    def database(self) -> Database:
        """Return the service's database."""
        return self.resources.database

    def browser(self, person: Person | None = None) -> FlaskClient:
        """Return a browser, signed in as `person`; forms need no CSRF token in these tests (journeys test that)."""
        client = self.app.test_client()
        if person is not None:
            client.set_cookie(SESSION_COOKIE, sign_session(person, PRIVATE_KEY))
        return client

    def bearer(self, person: Person) -> dict[str, str]:
        """Return the header with which a program calls the API as `person`."""
        return {"Authorization": f"Bearer {sign_session(person, PRIVATE_KEY)}"}

    def as_neighbour(self, name: str) -> dict[str, str]:
        """Return the header with which a neighbouring service calls the API."""
        return {"Authorization": f"Pass {sign_pass(name, self.service.name, NEIGHBOUR_KEY)}"}

    def hears(self, fact: Any) -> None:
        """Let the service handle a fact as if it had come from the broker; raises what the handler raises."""
        kind = event_type_of(fact)
        handler = self.service.events.handler_of(kind.name)
        assert handler is not None, f"{self.service.name} does not read {kind.name}"
        with self.database.begin() as session:
            handler(kind.load(kind.dump(fact)), session, self.clock.now())

    def receives(self, fact: Any) -> None:
        """Let a fact come through the service's inbox, with its own transaction and savepoint."""
        kind = event_type_of(fact)
        envelope = Envelope(uuid4(), kind.name, str(getattr(fact, kind.key)), 1, kind.dump(fact), "", datetime.now(UTC))
        with self.database.begin() as session:
            Inbox(self.service.events, self.clock).take(session, envelope)

    def announced(self, fact: type[Any]) -> list[Any]:
        """Return every fact of this class that the service has announced, oldest first."""
        kind = event_type_of(fact)
        with self.database.read() as session:
            rows = session.scalars(
                sa.select(outbox.c.envelope).where(outbox.c.topic == kind.name).order_by(outbox.c.id)
            )
            return [kind.load(row["data"]) for row in rows]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivatePostgres]:
    """Give a private PostgreSQL for this test run; fast, because nothing in it need survive."""
    with PrivatePostgres(Path(tmp_path_factory.mktemp("postgres")), durable=False) as server:
        yield server


@pytest.fixture
def blank_database(postgres: PrivatePostgres) -> Iterator[Database]:
    """Give a database with nothing in it."""
    name = f"test_{uuid4().hex}"
    postgres.ensure_database(name)
    opened = Database(postgres.url(name))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def migrated(postgres: PrivatePostgres) -> Callable[[str], str]:
    """Give a function that returns the name of a migrated, empty database of a service, made once."""
    return cache(partial(migrated_template, postgres))


@pytest.fixture(scope="session")
def shelf(postgres: PrivatePostgres, migrated: Callable[[str], str]) -> Shelf:
    """Give the databases that tests leave for each other, empty."""
    return Shelf(postgres, migrated)


@pytest.fixture
def start(shelf: Shelf, tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Give a function that starts a service on an empty database of its own: `start("panel")`."""
    taken: list[Place] = []

    def run(name: str, *, at: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC), **environ: str) -> Running:
        place = shelf.take(name)
        taken.append(place)
        service: Service = import_module(f"services.{name}.app").SERVICE
        settings = read_settings(service.settings, _environ(name, place.database.url, tmp_path) | environ)
        clock, neighbours = FakeClock(at), FakeNeighbours()
        resources = Resources(settings, place.database, clock, neighbours, load_profile(settings.authority))  # type: ignore[arg-type]
        service.prepare(resources)
        # With settings of its own a test has an app of its own: some of them are read where it is made.
        app = _made(service)(resources) if environ else place.app(resources, _made(service))
        return Running(service, resources, clock, neighbours, app)

    yield run
    for place in taken:
        shelf.give_back(place)


def _made(service: Service) -> Callable[[Resources], Flask]:
    def make(resources: Resources) -> Flask:
        app = service.create_app(resources)
        app.config.update(TESTING=False, WTF_CSRF_ENABLED=False)
        return app

    return make


def _environ(name: str, url: str, folder: Path) -> dict[str, str]:
    return {
        f"DATABASE_URL_{name.upper()}": url,
        "NEIGHBOUR_KEY": NEIGHBOUR_KEY,
        "SESSION_PUBLIC_KEY": PUBLIC_KEY,
        "SESSION_PRIVATE_KEY": PRIVATE_KEY,
        "PAGE_KEY": "a page key that only the tests know",
        "PORTAL_TOKENS": f"portal:{PORTAL_TOKEN}",
        "FILE_KEYS": FILE_KEYS,
        "FILES_AT": str(folder / "files"),
        "TRAINING": "yes",
    }
