"""Alembic, per service: bring its database to what the code expects, and find where the two differ."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command, context
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from shared.audit import audit_metadata
from shared.clock import clock_metadata
from shared.ended_sessions import sessions_metadata
from shared.messaging.tables import messaging_metadata
from shared.timetable import timetable_metadata

_SERVICES = Path(__file__).parent.parent / "services"
SHARED_TABLES = (messaging_metadata, clock_metadata, timetable_metadata, audit_metadata, sessions_metadata)
"""The tables that stand in every service's database."""


def migrate(service: str, database_url: str, *, to: str = "head") -> None:
    """Bring the service's database to the newest migration, or up to the one named; safe when several start at once."""
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended('migrate', 0))"))
        command.upgrade(_config(service, connection), to)
    engine.dispose()


def drift(service: str, database_url: str) -> list[Any]:
    """Return how the migrated database differs from the tables in the code; empty when they agree."""
    engine = sa.create_engine(database_url)
    with engine.connect() as connection:
        differences: list[Any] = compare_metadata(MigrationContext.configure(connection), list(_tables(service)))  # type: ignore[arg-type]
        differences += _drift_of_checks(connection, _tables(service))
    engine.dispose()
    return differences


def new_revision(service: str, database_url: str, message: str, number: str) -> None:
    """Write a migration that brings the database to the tables in the code; read it before you keep it."""
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        command.revision(_config(service, connection), message=message, autogenerate=True, rev_id=number)
    engine.dispose()


def run_environment(service: str) -> None:
    """Run inside Alembic: called by each service's `migrations/env.py`."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=list(_tables(service)))
    context.run_migrations()


def _drift_of_checks(connection: sa.Connection, metadatas: Sequence[sa.MetaData]) -> list[str]:
    # Alembic compares tables, columns and indexes, but not CHECK constraints.
    wanted = {
        str(constraint.name)
        for metadata in metadatas
        for table in metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    there = set(
        connection.scalars(
            sa.text("SELECT conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace")
        )
    )
    return [f"CHECK {name} is missing" for name in sorted(wanted - there)] + [
        f"CHECK {name} is not in the code" for name in sorted(there - wanted)
    ]


def _tables(service: str) -> Sequence[sa.MetaData]:
    return (import_module(f"services.{service}.tables").Base.metadata, *SHARED_TABLES)


def _config(service: str, connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SERVICES / service / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
