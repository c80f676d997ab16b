"""A role and a database for each service; each role reaches its own database and no other."""

from collections.abc import Iterable

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL


def provide(admin_url: str, password: str, databases: Iterable[URL]) -> None:
    """Make the role and database that each address names, or bring them in line with it; safe to repeat.

    The role gets the password of its address, so this is also how a password is changed.
    """
    with psycopg.connect(admin_url, password=password or None, autocommit=True) as connection:
        for wanted in databases:
            _provide_role(connection, str(wanted.username), str(wanted.password))
            _provide_database(connection, str(wanted.database), str(wanted.username))


def _provide_role(connection: psycopg.Connection[tuple[object, ...]], role: str, password: str) -> None:
    is_there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    # Hashed here: as it stands it could end up in the server's log.
    hashed = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    what = "ALTER ROLE {} LOGIN PASSWORD {}" if is_there else "CREATE ROLE {} LOGIN PASSWORD {}"
    connection.execute(sql.SQL(what).format(sql.Identifier(role), sql.Literal(hashed)))


def _provide_database(connection: psycopg.Connection[tuple[object, ...]], database: str, role: str) -> None:
    name, owner = sql.Identifier(database), sql.Identifier(role)
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
        # A role that is not a superuser gives a database only to a role that it is a member of.
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(owner))
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, owner))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
