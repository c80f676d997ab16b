"""Databases for tests that start services: migrated once, and emptied between two tests, which is far quicker than new ones."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import psycopg
from flask import Flask
from psycopg.sql import SQL, Composed, Identifier

from services.embedded.postgres import PrivatePostgres
from shared.database import Database
from shared.migrations import migrate
from shared.service import Resources

_MOST_ROWS = 2_000
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_USED_SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
_OTHERS = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_SHAPE = """
    SELECT string_agg(part, ' ' ORDER BY part) FROM (
        SELECT format('%s.%s', attrelid::regclass, attname) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT format('%s %s', conrelid::regclass, conname) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    ) parts(part)
"""


@dataclass
class Place:
    """A migrated, empty database of a service, and the app that answered there: making one takes longer than most tests."""

    service: str
    name: str
    database: Database
    _app: Flask | None = None
    _as_made: tuple[object, ...] = ()

    def app(self, resources: Resources, make: Callable[[Resources], Flask]) -> Flask:
        """Return the app of an earlier test as if it were new, or make one."""
        if self._app is None or _marks(self._app) != self._as_made:
            self._app = make(resources)
            self._as_made = _marks(self._app)
        self._app.extensions["resources"] = resources
        return self._app


def _marks(app: Flask) -> tuple[object, ...]:
    """Return what a test may have changed of an app."""
    return dict(app.config), [str(rule) for rule in app.url_map.iter_rules()]


class Shelf:
    """The databases of a test run that no test uses now."""

    def __init__(self, postgres: PrivatePostgres, migrated: Callable[[str], str]) -> None:
        self._postgres = postgres
        self._migrated = migrated
        self._free: dict[str, list[Place]] = defaultdict(list)
        self._shapes: dict[str, str] = {}

    def take(self, service: str) -> Place:
        """Return a database of this service that is migrated and empty."""
        if self._free[service]:
            return self._free[service].pop()
        name = f"test_{uuid4().hex}"
        with self._connected("postgres") as connection:
            connection.execute(
                SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(self._migrated(service)))
            )
        return Place(service, name, Database(self._postgres.url(name), pool_size=2))

    def give_back(self, place: Place) -> None:
        """Empty a database for the next test; one whose tables a test has changed, or filled, goes."""
        place.database.close()
        if self._is_as_new(place):
            self._free[place.service].append(place)
            return
        with self._connected("postgres") as connection:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(place.name)))

    def _is_as_new(self, place: Place) -> bool:
        if place.service not in self._shapes:
            with self._connected(self._migrated(place.service)) as template:
                self._shapes[place.service] = _shape(template)
        with self._connected(place.name) as connection:
            connection.execute(_OTHERS)
            return _shape(connection) == self._shapes[place.service] and _emptied(connection) < _MOST_ROWS

    def _connected(self, name: str) -> "psycopg.Connection[tuple[str]]":
        return psycopg.connect(self._postgres.url(name).replace("+psycopg", ""), autocommit=True)


def _shape(connection: "psycopg.Connection[tuple[str]]") -> str:
    """Return the names of a database's columns and constraints."""
    return "".join(row[0] for row in connection.execute(_SHAPE))


def _emptied(connection: "psycopg.Connection[tuple[str]]") -> int:
    """Empty every table, whatever its triggers say, and begin its numbers anew; return how many rows there were."""
    connection.execute("SET session_replication_role = replica")
    sequences = [
        SQL("ALTER SEQUENCE {} RESTART").format(Identifier(row[0])) for row in connection.execute(_USED_SEQUENCES)
    ]
    tables = [SQL("DELETE FROM {}").format(Identifier(row[0])) for row in connection.execute(_TABLES)]
    cursor = connection.execute(_in_one(tables))
    rows = cursor.rowcount
    while cursor.nextset():
        rows += cursor.rowcount
    if sequences:
        connection.execute(_in_one(sequences))
    return rows


def _in_one(statements: list[Composed]) -> Composed:
    return SQL("; ").join(statements)


def migrated_template(postgres: PrivatePostgres, service: str) -> str:
    """Make a database of a service, migrated and empty, from which others are copied; return its name."""
    name = f"template_{service}"
    postgres.ensure_database(name)
    migrate(service, postgres.url(name))
    return name
