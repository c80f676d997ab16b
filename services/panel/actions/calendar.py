"""Panels as the authority's profile has them, and their meetings, made ahead."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.panel.queries import calendar as queries
from services.panel.rules.calendar import Rhythm, meeting_dates
from services.panel.rules.cut_off import agenda_closes_at, meeting_instants
from services.panel.tables import AgendaItemRow, MeetingRow, PanelRow
from shared.authority import CutOff, PanelProfile
from shared.london import london_date

AHEAD = timedelta(weeks=26)


def keep_panels(session: Session, profiles: Sequence[PanelProfile]) -> None:
    """Make or update the panels of the authority's profile; one that left the profile stays as it was."""
    for profile in profiles:
        values = _panel_values(profile)
        statement = insert(PanelRow).values(key=profile.key, **values)
        session.execute(statement.on_conflict_do_update(index_elements=[PanelRow.key], set_=values))


def plan_meetings(session: Session, now: datetime) -> None:
    """Bring every panel's calendar to its rhythm for the next 26 weeks, where bank holidays are published.

    A meeting with a family on it stays as it was planned. One that nobody is on follows the panel's
    present rules, and leaves the calendar when the rhythm no longer gives its date.
    """
    for panel in queries.panels(session):
        _plan(session, queries.lock_panel(session, panel.id), now)


def cut_off_of(panel: PanelRow) -> CutOff:
    """Return a panel's cut-off as the rules read it."""
    return CutOff(panel.cut_off_rule, panel.cut_off_days, panel.cut_off_weekday, panel.cut_off_at)


def _plan(session: Session, panel: PanelRow, now: datetime) -> None:
    today = london_date(now)
    rhythm = Rhythm(panel.weeks, panel.first_on, panel.on_bank_holiday)
    rows = [_meeting_values(panel, day) for day in meeting_dates(rhythm, from_on=today, until_on=today + AHEAD)]
    rows = [row for row in rows if row["agenda_closes_at"] > now]
    _take_off_the_calendar(session, panel, now, keep=[row["held_on"] for row in rows])
    for row in rows:
        changing = {name: value for name, value in row.items() if name not in ("panel_id", "held_on")}
        statement = insert(MeetingRow).values(**row)
        session.execute(
            statement.on_conflict_do_update(
                index_elements=[MeetingRow.panel_id, MeetingRow.held_on],
                set_=changing,
                where=sa.and_(MeetingRow.state == "planned", ~_has_items()),
            )
        )


def _take_off_the_calendar(session: Session, panel: PanelRow, now: datetime, *, keep: Sequence[date]) -> None:
    session.execute(
        sa.delete(MeetingRow).where(
            MeetingRow.panel_id == panel.id,
            MeetingRow.state == "planned",
            MeetingRow.agenda_closes_at > now,
            MeetingRow.held_on <= london_date(now) + AHEAD,
            MeetingRow.held_on.not_in(keep),
            ~_has_items(),
        )
    )


def _has_items() -> sa.ColumnElement[bool]:
    return sa.exists().where(AgendaItemRow.meeting_id == MeetingRow.id)


def _panel_values(profile: PanelProfile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "kind": profile.kind,
        "locality": profile.locality,
        "place": profile.place,
        "capacity": profile.capacity,
        "slot_minutes": profile.slot_minutes,
        "weeks": profile.recurrence.weeks,
        "first_on": profile.recurrence.first_on,
        "starts": profile.recurrence.starts,
        "minutes": profile.recurrence.minutes,
        "cut_off_rule": profile.cut_off.shape,
        "cut_off_days": profile.cut_off.count,
        "cut_off_weekday": profile.cut_off.weekday,
        "cut_off_at": profile.cut_off.at,
        "on_bank_holiday": profile.on_bank_holiday,
        "monthly": profile.recurrence.monthly,
        "video_link": profile.video_link,
        "papers_go_out": profile.papers.go_out,
        "papers_working_days": profile.papers.working_days,
        "papers_at": profile.papers.at,
        "papers_stay_days": profile.papers.stay_days,
        "minutes_within": profile.minutes_within_working_days,
        "told_within": profile.referrer_told_within_working_days,
        "quorum_agencies": profile.quorum.agencies,
        "quorum_roles": list(profile.quorum.roles),
        "quorum_chair": profile.quorum.chair,
    }


def _meeting_values(panel: PanelRow, held_on: date) -> dict[str, Any]:
    starts_at, ends_at = meeting_instants(held_on, panel.starts, panel.minutes)
    return {
        "panel_id": panel.id,
        "held_on": held_on,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "agenda_closes_at": agenda_closes_at(held_on, panel.starts, cut_off_of(panel)),
        "place": panel.place,
        "places": panel.capacity,
    }
