"""Meetings made two years ahead: each panel's calendar brought to its rhythm, and what people set by hand left alone."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.actions.calendar import times_of
from services.panel.actions.invitations import bring_invitations, tell_of_cancellation
from services.panel.queries import calendar as queries
from services.panel.rules.calendar import PlannedDate, Rhythm, planned_dates
from services.panel.rules.rescheduling import AHEAD
from services.panel.tables import AgendaItemRow, InvitationRow, MeetingRow, PanelRow
from shared.audit import record
from shared.authority import Authority, Closure
from shared.london import london_date

NO_LONGER_PLANNED = "The panel's rules no longer give this date."

_TOLD = ("starts_at", "ends_at", "place", "video_link")


def plan_meetings(session: Session, authority: Authority, now: datetime) -> None:
    """Bring every panel's calendar to its rhythm for the next two years, and tell people of the meetings that are near.

    A meeting with a family on it, and one that somebody moved, cancelled or added by hand, stays as it is. Any other
    follows the panel's present rules, and goes when they no longer give its date. Of a panel that left the profile
    every meeting without families goes; one with families stays, for its coordinator to hold, move or cancel.
    """
    own = {profile.key: profile.closures for profile in authority.panels}
    for panel in queries.panels(session):
        locked = queries.lock_panel(session, panel.id)
        _plan(session, locked, authority.closures, own.get(panel.key, ()), now)
        bring_invitations(session, panel.id, now)


def _plan(
    session: Session, panel: PanelRow, authority_closed: Sequence[Closure], own: Sequence[Closure], now: datetime
) -> None:
    today = london_date(now)
    wanted: dict[date, dict[str, Any]] = {}
    if panel.is_in_profile:
        rhythm = Rhythm(panel.weeks, panel.first_on, panel.on_bank_holiday, panel.monthly, (*authority_closed, *own))
        for one in planned_dates(rhythm, from_on=today, until_on=today + AHEAD):
            values = _values(panel, one, authority_closed)
            if values["agenda_closes_at"] > now:
                wanted[one.planned_on] = values
    rows = queries.meetings_from(session, panel.id, today)
    going = _bring_to_rules(rows, wanted, is_held=panel.is_in_profile, busy=_with_items(session, rows), now=now)
    _take_off(session, going)
    stand_for = {row.planned_on for row in rows if row not in going}
    taken = {row.held_on for row in rows if row not in going and row.state != "cancelled"}
    new = [values for day, values in wanted.items() if day not in stand_for and values["held_on"] not in taken]
    if new:
        session.flush()
        session.execute(sa.insert(MeetingRow), new)


def _bring_to_rules(
    rows: Sequence[MeetingRow],
    wanted: Mapping[date, Mapping[str, Any]],
    *,
    is_held: bool,
    busy: set[Any],
    now: datetime,
) -> list[MeetingRow]:
    """Bring the meetings that nobody has touched to the rules; return those that the rules no longer give."""
    going = []
    taken = {row.held_on for row in rows if row.state != "cancelled"}
    for row in rows:
        is_free = row.state == "planned" and row.agenda_closes_at > now and row.id not in busy
        if not is_free or (is_held and row.set_by is not None):
            continue
        values = wanted.get(row.planned_on) if row.planned_on is not None else None
        if values is None or (values["held_on"] != row.held_on and values["held_on"] in taken):
            going.append(row)
        elif changed := {name: value for name, value in values.items() if getattr(row, name) != value}:
            row.sequence += any(name in changed for name in _TOLD)
            for name, value in changed.items():
                setattr(row, name, value)
    return going


def _take_off(session: Session, going: Sequence[MeetingRow]) -> None:
    """Take meetings off the calendar; one that people were invited to is cancelled, so that they hear of it."""
    told = set(
        session.scalars(
            sa.select(InvitationRow.meeting_id).where(InvitationRow.meeting_id.in_([row.id for row in going]))
        )
    )
    for row in going:
        if row.id in told:
            row.state, row.set_because, row.planned_on = "cancelled", NO_LONGER_PLANNED, None
            tell_of_cancellation(session, row)
            record(session, who="panel", did="cancelled_meeting", subject="meeting", subject_id=row.id)
        else:
            session.delete(row)
    session.flush()


def _with_items(session: Session, rows: Sequence[MeetingRow]) -> set[Any]:
    items = sa.select(AgendaItemRow.meeting_id).where(AgendaItemRow.meeting_id.in_([row.id for row in rows]))
    return set(session.scalars(items.distinct()))


def _values(panel: PanelRow, one: PlannedDate, authority_closed: Sequence[Closure]) -> dict[str, Any]:
    return {
        **times_of(panel, one.held_on, panel.starts, panel.minutes, authority_closed),
        "panel_id": panel.id,
        "planned_on": one.planned_on,
        "place": panel.place,
        "video_link": panel.video_link,
        "places": panel.capacity,
    }
