"""A panel's queue filled by COPY, as ten thousand requests would have left it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from psycopg import Connection

from services.panel.tables import KnownPersonRow, PanelRow, SeatRow
from shared.database import Database
from shared.identity import Person
from shared.references import new_reference

_PANEL = "ehap"
_ENTRY = (
    "COPY queue_entry (id, request_id, family_id, reference, kind, panel_id, urgency, received_on, queued_at, children,"
    " level_scheme, level_version, level_number, why, times_carried, state) FROM STDIN"
)


@dataclass(frozen=True)
class Asked:
    """A request that the referrals service has: its paper can be asked for."""

    request_id: UUID
    reference: str
    children: int


def fill_queue(connection: Connection, first: Sequence[Asked], count: int) -> None:
    """Let `count` families wait without a place, these first in the line, and make every planned meeting full."""
    connection.execute("UPDATE meeting SET places = 0")
    panel_id = _one(connection, "SELECT id FROM panel WHERE key = %s", _PANEL)
    rng, today = random.Random(3), datetime.now(UTC).date()
    strangers = (Asked(uuid4(), new_reference(), rng.randint(1, 5)) for _ in range(count - len(first)))
    with connection.cursor() as cursor, cursor.copy(_ENTRY) as copy:
        for one in first:
            copy.write_row(_entry(one, panel_id, "urgent", today - timedelta(days=400), "new", 0))
        for one in strangers:
            carried = rng.choice((0, 0, 0, 1, 2))
            why = "carried_over" if carried else rng.choice(("new", "new", "declined", "more_information"))
            urgency = rng.choice(("soon", "routine", "routine"))
            copy.write_row(_entry(one, panel_id, urgency, today - timedelta(days=rng.randint(1, 365)), why, carried))


def make_room(connection: Connection, places: int) -> tuple[UUID, UUID, datetime]:
    """Give the panel's next meeting places; return its id, its panel's, and when its agenda closes."""
    found = connection.execute(
        "UPDATE meeting SET places = %s WHERE id = (SELECT meeting.id FROM meeting JOIN panel ON panel.id = panel_id"
        " WHERE key = %s AND state = 'planned' ORDER BY held_on LIMIT 1) RETURNING id, panel_id, agenda_closes_at",
        (places, _PANEL),
    ).fetchone()
    if found is None:
        raise LookupError("no meeting is planned")
    return found[0], found[1], found[2]


def seat_somebody(database: Database, person: Person) -> None:
    """Let a person coordinate the panel."""
    with database.begin() as session:
        panel = session.scalars(sa.select(PanelRow).where(PanelRow.key == _PANEL)).one()
        session.add(
            KnownPersonRow(
                person_id=person.person_id,
                agency_id=person.agency_id,
                roles=sorted(person.roles),
                is_active=True,
                name=person.name,
                is_stale=False,
            )
        )
        session.add(
            SeatRow(panel_id=panel.id, agency_id=person.agency_id, person_id=person.person_id, seat="coordinator")
        )


def _one(connection: Connection, query: str, *values: object) -> UUID:
    found = connection.execute(query, values).fetchone()
    if found is None:
        raise LookupError(query)
    return UUID(str(found[0]))


def _entry(asked: Asked, panel_id: UUID, urgency: str, received_on: date, why: str, carried: int) -> tuple[object, ...]:
    return (
        uuid4(),
        asked.request_id,
        uuid4(),
        asked.reference,
        "request",
        panel_id,
        urgency,
        received_on,
        datetime.now(UTC),
        asked.children,
        "bathnes",
        "2024",
        3,
        why,
        carried,
        "waiting",
    )
