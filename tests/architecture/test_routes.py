"""Every route of every service says who may open it."""

from importlib import import_module

import pytest
from flask import Flask
from sqlalchemy.engine import make_url

from shared.authority import load_profile
from shared.database import Database
from shared.identity import ROLES
from shared.service import SERVICES, Resources, Service
from shared.settings import read_settings
from shared.web.access import access_of
from tests.fakes import FakeClock, FakeNeighbours
from tests.integration.conftest import FILE_KEYS, NEIGHBOUR_KEY, PORTAL_TOKEN, PRIVATE_KEY, PUBLIC_KEY


def app_of(name: str) -> Flask:
    """Return a service's web app over a database that does not answer."""
    from datetime import UTC, datetime

    service: Service = import_module(f"services.{name}.app").SERVICE
    settings = read_settings(
        service.settings,
        {
            f"DATABASE_URL_{name.upper()}": "postgresql+psycopg://nobody@127.0.0.1:1/none",
            "NEIGHBOUR_KEY": NEIGHBOUR_KEY,
            "SESSION_PUBLIC_KEY": PUBLIC_KEY,
            "SESSION_PRIVATE_KEY": PRIVATE_KEY,
            "PAGE_KEY": "a page key that only the tests know",
            "PORTAL_TOKENS": f"portal:{PORTAL_TOKEN}",
            "FILE_KEYS": FILE_KEYS,
            "FILES_AT": "nowhere",
            "CARRIER": "inbox",
            "TRAINING": "yes",
        },
    )
    assert make_url(settings.database_url).port == 1, "nothing here may reach a database"
    held = Resources(
        settings,
        Database(settings.database_url),
        FakeClock(datetime(2026, 11, 2, tzinfo=UTC)),
        FakeNeighbours(),  # type: ignore[arg-type]
        load_profile("bathnes"),
    )
    return service.create_app(held)


@pytest.fixture(params=SERVICES, scope="module")
def app(request: pytest.FixtureRequest) -> Flask:
    return app_of(request.param)


def test_every_route_says_who_may_open_it(app: Flask) -> None:
    silent = [str(rule) for rule in app.url_map.iter_rules() if access_of(app, rule.endpoint) is None]
    assert silent == []


def test_every_role_that_a_route_names_exists(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        access = access_of(app, rule.endpoint)
        assert access is not None
        assert access.roles <= set(ROLES), str(rule)


def test_every_address_starts_with_the_service(app: Flask) -> None:
    strays = [str(rule) for rule in app.url_map.iter_rules() if not str(rule).startswith(f"/{app.name}/")]
    assert strays == []


def test_a_route_that_says_nothing_is_refused() -> None:
    app = app_of("directory")
    app.add_url_rule("/directory/forgotten", "forgotten", lambda: "secret")
    assert app.test_client().get("/directory/forgotten").status_code == 403


def test_reading_changes_nothing(app: Flask) -> None:
    """A route that changes something is never opened by a link: only POST, PUT, PATCH and DELETE do that."""
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert methods == {"GET"} or "GET" not in methods, f"{rule} answers GET and {methods - {'GET'}} in one view"
