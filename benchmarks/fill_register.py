"""Fills a referrals database with requests for families that never were."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID, uuid4

import sqlalchemy as sa
from psycopg import Connection, sql
from psycopg.types.json import Jsonb

from benchmarks.people import Household, SomeBody
from services.referrals.rules.register.fingerprints import Marks, fingerprints_of, home_of
from services.referrals.tables import AddressRow, AdultRow, ChildRow, FamilyRow, RequestRow

_NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
_FAMILY, _REQUEST, _ADDRESS, _CHILD, _ADULT = (
    cast(sa.Table, table.__table__) for table in (FamilyRow, RequestRow, AddressRow, ChildRow, AdultRow)
)
_INDEXES = ("child_fingerprints_idx", "adult_fingerprints_idx")
_DEFINITION = "SELECT indexdef FROM pg_indexes WHERE indexname = %s"
_AT_ONCE = 10_000
# What people answered is of no matter here: an object of JSON, whatever the column keeps in it.
_EMPTY: dict[type, Any] = {str: "", int: 0, bool: False, list: [], object: Jsonb({})}


def fill_register(connection: Connection, households: Iterable[Household]) -> None:
    """Add a request for each household, and leave the tables as a night of vacuuming would."""
    made = {name: connection.execute(_DEFINITION, (name,)).fetchone() for name in _INDEXES}
    for name in _INDEXES:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    for some in _in_batches(households):
        _copy(connection, some)
    # An index is made from what is there in a tenth of the time that filling it row by row takes.
    for name, definition in made.items():
        if definition is None:
            raise LookupError(f"there is no index {name}")
        connection.execute(definition[0])
    for table in (_FAMILY, _REQUEST, _ADDRESS, _CHILD, _ADULT):
        connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table.name)))


def _in_batches(households: Iterable[Household]) -> Iterator[list[Household]]:
    batch: list[Household] = []
    for household in households:
        batch.append(household)
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    yield batch


def _copy(connection: Connection, households: Sequence[Household]) -> None:
    ids = [(uuid4(), uuid4()) for _ in households]
    families = ({"id": family, "created_at": _NOW, "known_as": family} for family, _ in ids)
    with connection.transaction():
        _write(connection, _FAMILY, families)
        _write(connection, _REQUEST, (_request(family, request) for family, request in ids))
        pairs = [(request, household) for (_, request), household in zip(ids, households, strict=True)]
        _write(connection, _ADDRESS, (_address(request, household) for request, household in pairs))
        for table, group in ((_CHILD, "children"), (_ADULT, "adults")):
            rows = (
                _person(request, household, number, body)
                for request, household in pairs
                for number, body in enumerate(getattr(household, group))
            )
            _write(connection, table, rows)


def _write(connection: Connection, table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
    columns = [column for column in table.columns if not column.identity]
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(str(table.name)), names)
    with connection.cursor().copy(into) as copy:
        for row in rows:
            copy.write_row([row[column.name] if column.name in row else _empty(column) for column in columns])


def _empty(column: sa.Column[Any]) -> Any:
    return uuid4() if column.primary_key else None if column.nullable else _EMPTY[column.type.python_type]


def _request(family_id: UUID, request_id: UUID) -> dict[str, Any]:
    own = str(request_id)
    return {
        "id": request_id,
        "family_id": family_id,
        "reference": own[:13],
        "idempotency_key": own,
        "received_at": _NOW,
        "triage_due_at": _NOW,
        "triage_amber_at": _NOW,
        "kind": "request",
        "stage": "closed",
        "version": 1,
    }


def _address(request_id: UUID, household: Household) -> dict[str, Any]:
    lines = {"ref": "home", "lines": [household.line], "town": "Anywhere", "postcode": household.postcode}
    return {"request_id": request_id, "may_write": True, **lines}


def _person(request_id: UUID, household: Household, number: int, body: SomeBody) -> dict[str, Any]:
    return {
        "request_id": request_id,
        "ref": f"p{number}",
        "position": number,
        "given_name": body.given_name,
        "family_name": body.family_name,
        "date_of_birth": body.born,
        "lives_at": ["home"],
        "fingerprints": fingerprints_of(marks(body, household, body.born)),
    }


def marks(body: SomeBody, household: Household, born: date | None) -> Marks:
    """Return by what one of a household is recognised."""
    home = home_of([household.line], household.postcode)
    return Marks(body.given_name, body.family_name, date_of_birth=born, homes=(home,))
