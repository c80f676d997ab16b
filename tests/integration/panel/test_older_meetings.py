"""What a migration makes of meetings from before they remembered which date of the recurrence they stand for."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.panel.actions.calendar import keep_panels
from services.panel.actions.planning import plan_meetings
from services.panel.tables import MeetingRow
from shared.authority import load_profile
from shared.database import Database
from shared.migrations import migrate

_PANEL = sa.text(
    "INSERT INTO panel (id, key, name, kind, locality, place, capacity, slot_minutes, weeks, first_on, starts, minutes,"
    " cut_off_rule, cut_off_days, cut_off_weekday, cut_off_at, on_bank_holiday) VALUES (:id, 'ehap', 'EHAP',"
    " 'allocation', '', 'Room 3', 15, 12, :weeks, :first_on, '09:30', 180, 'last_weekday', 0, 'friday', '16:30', :rule)"
)
_MEETING = sa.text(
    "INSERT INTO meeting (id, panel_id, held_on, starts_at, ends_at, agenda_closes_at, place, places, state, sequence)"
    " VALUES (:id, :panel_id, :held_on, :starts_at, :starts_at, :closes_at, 'Room 3', 15, 'planned', 0)"
)


@pytest.mark.parametrize(
    ("rule", "weeks", "first_on", "held_on", "stands_for"),
    [
        ("next_working_day", 2, date(2026, 1, 8), date(2026, 11, 12), date(2026, 11, 12)),
        ("next_working_day", 1, date(2026, 1, 5), date(2026, 12, 29), date(2026, 12, 28)),
        ("next_working_day", 2, date(2026, 1, 9), date(2026, 4, 7), date(2026, 4, 3)),
        ("previous_working_day", 1, date(2026, 1, 2), date(2026, 4, 2), date(2026, 4, 3)),
        ("skip", 1, date(2026, 1, 8), date(2026, 11, 19), date(2026, 11, 19)),
    ],
)
def test_a_meeting_stands_for_the_date_from_which_a_bank_holiday_moved_it(
    blank_database: Database, rule: str, weeks: int, first_on: date, held_on: date, stands_for: date
) -> None:
    panel_id = a_panel(blank_database, rule=rule, weeks=weeks, first_on=first_on)
    a_meeting(blank_database, panel_id, held_on)
    migrate("panel", blank_database.url)
    with blank_database.read() as session:
        assert session.scalars(sa.select(MeetingRow.planned_on)).one() == stands_for


def test_the_planning_after_the_migration_keeps_every_meeting_that_is_there(blank_database: Database) -> None:
    panel_id = a_panel(blank_database, rule="next_working_day", weeks=2, first_on=date(2026, 1, 8))
    kept = {
        a_meeting(blank_database, panel_id, date(2026, 12, 10)),
        a_meeting(blank_database, panel_id, date(2027, 1, 7)),
    }
    at_christmas = a_meeting(blank_database, panel_id, date(2026, 12, 24))
    migrate("panel", blank_database.url)
    authority = load_profile("bathnes").newest
    with blank_database.begin() as session:
        keep_panels(session, authority.panels)
        plan_meetings(session, authority, datetime(2026, 11, 29, 9, tzinfo=UTC))
    with blank_database.read() as session:
        there = set(session.scalars(sa.select(MeetingRow.id).where(MeetingRow.panel_id == panel_id)))
        days = list(session.scalars(sa.select(MeetingRow.held_on).where(MeetingRow.panel_id == panel_id)))
    assert kept <= there
    assert at_christmas not in there
    assert len(days) == len(set(days))
    assert len(days) > 45


def a_panel(database: Database, *, rule: str, weeks: int, first_on: date) -> UUID:
    migrate("panel", database.url, to="0009")
    panel_id = uuid4()
    with database.engine.begin() as connection:
        connection.execute(_PANEL, {"id": panel_id, "rule": rule, "weeks": weeks, "first_on": first_on})
    return panel_id


def a_meeting(database: Database, panel_id: UUID, held_on: date) -> UUID:
    meeting_id = uuid4()
    starts_at = datetime(held_on.year, held_on.month, held_on.day, 9, 30, tzinfo=UTC)
    closes_at = starts_at.replace(hour=1)
    values = {
        "id": meeting_id,
        "panel_id": panel_id,
        "held_on": held_on,
        "starts_at": starts_at,
        "closes_at": closes_at,
    }
    with database.engine.begin() as connection:
        connection.execute(_MEETING, values)
    return meeting_id
