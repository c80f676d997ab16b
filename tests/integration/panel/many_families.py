"""A hundred thousand families on the agendas of a period, written by PostgreSQL itself."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.tables import AgendaItemRow, AllocationRow, Base, DecisionRow, MeetingRow, PaperRow, QueueEntryRow

_PLACE = "a room of many families"
_FAMILIES = f"""
CREATE TEMP TABLE one ON COMMIT DROP AS
SELECT m.id AS meeting_id, m.panel_id, m.held_on, n, gen_random_uuid() AS request_id, gen_random_uuid() AS family_id,
       gen_random_uuid() AS entry_id, gen_random_uuid() AS item_id, gen_random_uuid() AS decision_id,
       gen_random_uuid() AS paper_id, 1 + floor(random() * 4)::int AS children, floor(random() * 90)::int AS waited,
       (ARRAY['allocate','allocate','signpost','recommend','step_up','carry_over'])[1 + floor(random() * 6)::int] AS outcome
FROM meeting m, generate_series(1, :families) n WHERE m.place = '{_PLACE}' AND m.held_on >= :first
"""
_REQUEST = {"request_id": "request_id", "family_id": "family_id"}
_TOLD = {
    "reference": "left(entry_id::text, 8)",
    "kind": "'request'",
    "urgency": "'routine'",
    "received_on": "held_on - waited",
    "children": "children",
    "level_scheme": "'bathnes'",
    "level_version": "'2024'",
    "level_number": "2 + n % 3",
}
_ROWS: tuple[tuple[type[Base], Mapping[str, str]], ...] = (
    (
        QueueEntryRow,
        {"id": "entry_id", **_REQUEST, **_TOLD, "panel_id": "panel_id", "queued_at": "now()", "state": "'heard'"},
    ),
    (
        PaperRow,
        {
            "id": "paper_id",
            "request_id": "request_id",
            "fetched_at": "now()",
            "asked_at": "now()",
            "content": "jsonb_build_object('locality', 'place-' || n % 7, 'story', repeat(md5(item_id::text), 100))",
        },
    ),
    (
        AgendaItemRow,
        {
            "id": "item_id",
            **_REQUEST,
            "meeting_id": "meeting_id",
            "queue_entry_id": "entry_id",
            "reference": "left(entry_id::text, 8)",
            "number": "n",
            "paper_id": "paper_id",
            "state": "CASE outcome WHEN 'carry_over' THEN 'carried_over' ELSE 'heard' END",
        },
    ),
    (
        DecisionRow,
        {
            "id": "decision_id",
            **_REQUEST,
            "agenda_item_id": "item_id",
            "meeting_id": "meeting_id",
            "outcome": "outcome",
            "reasons": "'x'",
            "details": "CASE outcome WHEN 'allocate' THEN jsonb_build_object('needs', jsonb_build_array((1 + n % 10)::text, '5'))"
            " ELSE '{}'::jsonb END",
            "decided_at": "now()",
            "recorded_by": "gen_random_uuid()",
        },
    ),
    (
        AllocationRow,
        {
            "id": "gen_random_uuid()",
            **_REQUEST,
            **_TOLD,
            "decision_id": "decision_id",
            "meeting_id": "meeting_id",
            "agency_id": "md5((n % 30)::text)::uuid",
            "service_id": "gen_random_uuid()",
            "offered_at": "now()",
            "answer_due_on": "held_on",
            "state": "CASE WHEN n % 5 = 0 THEN 'declined' ELSE 'accepted' END",
            "answered_at": "held_on + interval '5 days'",
        },
    ),
)


def write_many(session: Session, *, first: date, meetings: int, families: int) -> int:
    """Write so many meetings of each panel from a day on, with so many families each; return how many families."""
    day = f"date '{first}' + d"
    meeting = {"id": "gen_random_uuid()", "panel_id": "panel.id", "held_on": day, "place": f"'{_PLACE}'"}
    meeting |= dict.fromkeys(("starts_at", "ends_at", "agenda_closes_at"), f"({day})::timestamptz")
    meeting |= {"places": str(families), "state": "'ended'"}
    _write(session, MeetingRow, meeting, f"panel, generate_series(0, {meetings - 1}) d")
    session.execute(sa.text(_FAMILIES), {"first": first, "families": families})
    for table, values in _ROWS:
        _write(session, table, values, "one WHERE outcome = 'allocate'" if table is AllocationRow else "one")
    return int(session.execute(sa.text("SELECT count(*) FROM one")).scalar_one())


def _write(session: Session, table: type[Base], values: Mapping[str, str], source: str) -> None:
    """Write rows from SQL; what is not named has the default that the table's class gives."""
    chosen: list[Any] = [sa.literal_column(sql).label(name) for name, sql in values.items()]
    rows = sa.select(*chosen).select_from(sa.text(source))
    session.execute(sa.insert(table.__table__).from_select(list(values), rows))  # type: ignore[arg-type]
