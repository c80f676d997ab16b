"""Databases for tests that start services: migrated once, and emptied between two tests, which is far quicker than new ones."""

from collections import defaultdict
from collections.abc import Callable
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from services.embedded.postgres import PrivatePostgres
from shared.migrations import migrate

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


class Shelf:
    """The databases of a test run that no test uses now."""

    def __init__(self, postgres: PrivatePostgres, migrated: Callable[[str], str]) -> None:
        self._postgres = postgres
        self._migrated = migrated
        self._free: dict[str, list[str]] = defaultdict(list)
        self._shapes: dict[str, str] = {}

    def take(self, service: str) -> str:
        """Return the name of a database of this service that is migrated and empty."""
        if self._free[service]:
            return self._free[service].pop()
        name = f"test_{uuid4().hex}"
        with self._connected("postgres") as connection:
            connection.execute(
                SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(self._migrated(service)))
            )
        return name

    def give_back(self, service: str, name: str) -> None:
        """Empty a database for the next test; one whose tables a test has changed, or filled, goes."""
        if self._is_as_new(service, name):
            self._free[service].append(name)
            return
        with self._connected("postgres") as connection:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def _is_as_new(self, service: str, name: str) -> bool:
        if service not in self._shapes:
            with self._connected(self._migrated(service)) as template:
                self._shapes[service] = _shape(template)
        with self._connected(name) as connection:
            connection.execute(_OTHERS)
            return _shape(connection) == self._shapes[service] and _emptied(connection) < _MOST_ROWS

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
