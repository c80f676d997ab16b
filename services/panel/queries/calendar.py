"""Reads about panels, their seats and their meetings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from services.panel.tables import KnownAgencyRow, KnownPersonRow, MeetingRow, PanelRow, SeatRow
from shared.errors import NotFound

MOST_MEETINGS = 200


@dataclass(frozen=True)
class SeatLine:
    """A seat with the names of its person and agency, as far as they are known."""

    seat: SeatRow
    person: str | None
    agency: str | None


def panel_by_key(session: Session, key: str, *, lock: bool = False) -> PanelRow:
    """Return a panel by the authority's key of it, with its row locked if asked; raises NotFound."""
    query = sa.select(PanelRow).where(PanelRow.key == key)
    panel = session.scalar(query.with_for_update() if lock else query)
    if panel is None:
        raise NotFound("There is no such panel.")
    return panel


def panels(session: Session) -> Sequence[PanelRow]:
    """Return every panel by name."""
    return session.scalars(sa.select(PanelRow).order_by(PanelRow.name, PanelRow.key)).all()


def panels_of(session: Session, person_id: UUID, *, seats: Sequence[str] = ()) -> Sequence[PanelRow]:
    """Return the panels at which the person has a seat, or one of these seats, by name."""
    seated = sa.select(SeatRow.panel_id).where(SeatRow.person_id == person_id)
    if seats:
        seated = seated.where(SeatRow.seat.in_(seats))
    return session.scalars(sa.select(PanelRow).where(PanelRow.id.in_(seated)).order_by(PanelRow.name)).all()


def lock_panel(session: Session, panel_id: UUID) -> PanelRow:
    """Return the panel with its row locked: whoever changes its queue or calendar holds this lock."""
    return session.scalars(sa.select(PanelRow).where(PanelRow.id == panel_id).with_for_update()).one()


def seat_of(session: Session, panel_id: UUID, person_id: UUID) -> SeatRow | None:
    """Return the seat that a person has at a panel, if any."""
    return session.scalar(sa.select(SeatRow).where(SeatRow.panel_id == panel_id, SeatRow.person_id == person_id))


def seats_of(session: Session, panel_id: UUID) -> list[SeatLine]:
    """Return the seats of a panel: chair, deputies, members, coordinator."""
    rank = sa.case({"chair": 0, "deputy": 1, "member": 2}, value=SeatRow.seat, else_=3)
    rows = session.execute(
        sa.select(SeatRow, KnownPersonRow.name, KnownAgencyRow.name)
        .outerjoin(KnownPersonRow, KnownPersonRow.person_id == SeatRow.person_id)
        .outerjoin(KnownAgencyRow, KnownAgencyRow.agency_id == SeatRow.agency_id)
        .where(SeatRow.panel_id == panel_id)
        .order_by(rank, KnownAgencyRow.name.nulls_last(), SeatRow.id)
    )
    return [SeatLine(*row) for row in rows]


def holders_of(session: Session, panel_id: UUID, *, seats: Sequence[str] = ()) -> list[UUID]:
    """Return the ids of the people who have a seat at a panel, or one of these, and have not left the directory."""
    left = sa.select(KnownPersonRow.person_id).where(KnownPersonRow.is_active.is_(False))
    seated = sa.select(SeatRow.person_id).where(
        SeatRow.panel_id == panel_id, SeatRow.person_id.is_not(None), SeatRow.person_id.not_in(left)
    )
    if seats:
        seated = seated.where(SeatRow.seat.in_(seats))
    return list(session.scalars(seated.order_by(SeatRow.person_id)))


def meeting_by_id(session: Session, meeting_id: UUID, *, lock: bool = False) -> MeetingRow:
    """Return a meeting, with its row locked if asked; raises NotFound."""
    query = sa.select(MeetingRow).where(MeetingRow.id == meeting_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    else:
        query = query.options(joinedload(MeetingRow.panel))
    meeting = session.scalar(query)
    if meeting is None:
        raise NotFound("There is no such meeting.")
    return meeting


def meetings_from(session: Session, panel_id: UUID, day: date) -> Sequence[MeetingRow]:
    """Return a panel's meetings, cancelled ones too, that are on a London date or later, or were planned for one."""
    return session.scalars(
        sa.select(MeetingRow)
        .where(MeetingRow.panel_id == panel_id, sa.or_(MeetingRow.held_on >= day, MeetingRow.planned_on >= day))
        .order_by(MeetingRow.held_on, MeetingRow.id)
    ).all()


def coming_meetings(
    session: Session, panel_ids: Sequence[UUID], now: datetime, *, limit: int = MOST_MEETINGS
) -> Sequence[MeetingRow]:
    """Return the meetings of these panels that are not over, the next first."""
    return session.scalars(
        _meetings(panel_ids)
        .where(MeetingRow.ends_at >= now, MeetingRow.state.not_in(("ended", "cancelled")))
        .order_by(MeetingRow.starts_at, MeetingRow.id)
        .limit(limit)
    ).all()


def past_meetings(session: Session, panel_ids: Sequence[UUID], now: datetime, *, limit: int) -> Sequence[MeetingRow]:
    """Return the meetings of these panels that are over, the latest first."""
    return session.scalars(
        _meetings(panel_ids)
        .where(sa.or_(MeetingRow.ends_at < now, MeetingRow.state == "ended"), MeetingRow.state != "cancelled")
        .order_by(MeetingRow.starts_at.desc(), MeetingRow.id)
        .limit(limit)
    ).all()


def meetings_between(
    session: Session,
    panel_ids: Sequence[UUID],
    from_on: date,
    until_on: date,
    *,
    limit: int = MOST_MEETINGS,
    with_cancelled: bool = False,
) -> Sequence[MeetingRow]:
    """Return the meetings of these panels on London dates from `from_on` to `until_on`, in order, at most `limit`."""
    found = _meetings(panel_ids).where(MeetingRow.held_on.between(from_on, until_on))
    if not with_cancelled:
        found = found.where(MeetingRow.state != "cancelled")
    return session.scalars(found.order_by(MeetingRow.starts_at, MeetingRow.id).limit(limit)).all()


def set_by_hand(session: Session, panel_id: UUID, today: date, *, limit: int) -> Sequence[MeetingRow]:
    """Return a panel's coming meetings that somebody moved, cancelled or added, in order."""
    return session.scalars(
        _meetings([panel_id])
        .where(MeetingRow.set_at.is_not(None), sa.or_(MeetingRow.held_on >= today, MeetingRow.planned_on >= today))
        .order_by(MeetingRow.starts_at, MeetingRow.id)
        .limit(limit)
    ).all()


def _meetings(panel_ids: Sequence[UUID]) -> sa.Select[MeetingRow]:
    return sa.select(MeetingRow).where(MeetingRow.panel_id.in_(panel_ids)).options(joinedload(MeetingRow.panel))
