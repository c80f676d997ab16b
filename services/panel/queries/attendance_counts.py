"""Reads that count how agencies with a seat were at meetings."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.rules.periods import Period
from services.panel.rules.statistics import PRESENCES
from services.panel.tables import AttendanceRow, MeetingRow, SeatRow

_BEST_FIRST = {"present": 0, "left": 0, "substitute": 1, "apologies": 2}
_NOBODY = PRESENCES.index("nobody")


def meetings_held(session: Session, panel_ids: Sequence[UUID], period: Period) -> int:
    """Return how many meetings of these panels were held in a period."""
    return session.scalar(sa.select(sa.func.count()).select_from(_held(panel_ids, period))) or 0


def attendance(session: Session, panel_ids: Sequence[UUID], period: Period) -> Mapping[str, Mapping[str, int]]:
    """Return at how many meetings each agency was present, sent a substitute or apologies, or was missed; by its id.

    An agency is expected where a person of it had a seat by that day, and counts also where one was recorded without.
    """
    held = _held(panel_ids, period)
    came = sa.select(
        AttendanceRow.meeting_id,
        AttendanceRow.agency_id,
        sa.case(_BEST_FIRST, value=AttendanceRow.presence, else_=_NOBODY).label("how"),
    ).join(held, held.c.id == AttendanceRow.meeting_id)
    expected = (
        sa.select(held.c.id, SeatRow.agency_id, sa.literal(_NOBODY))
        .join(SeatRow, SeatRow.panel_id == held.c.panel_id)
        .where(SeatRow.person_id.is_not(None))
        .where(sa.or_(SeatRow.named_at.is_(None), SeatRow.named_at <= held.c.starts_at))
    )
    both = sa.union_all(came, expected).subquery()
    best = (
        sa.select(both.c.agency_id, sa.func.min(both.c.how).label("how"))
        .where(both.c.agency_id.is_not(None))
        .group_by(both.c.meeting_id, both.c.agency_id)
        .subquery()
    )
    found: dict[str, dict[str, int]] = {}
    statement = sa.select(best.c.agency_id, best.c.how, sa.func.count()).group_by(best.c.agency_id, best.c.how)
    for agency, how, meetings in session.execute(statement):
        found.setdefault(str(agency), dict.fromkeys(PRESENCES, 0))[PRESENCES[how]] = meetings
    return found


def _held(panel_ids: Sequence[UUID], period: Period) -> sa.Subquery:
    return (
        sa.select(MeetingRow.id, MeetingRow.panel_id, MeetingRow.starts_at)
        .where(MeetingRow.panel_id.in_(panel_ids), MeetingRow.state == "ended")
        .where(MeetingRow.held_on.between(period.from_on, period.until_on))
        .subquery()
    )
