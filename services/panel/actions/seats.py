"""Who sits at a panel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.actions.calendar_feed import end_feed_without_seat
from services.panel.actions.invitations import bring_invitations
from services.panel.actions.people import expect_person
from services.panel.actions.stand import note_for_panel
from services.panel.queries import calendar as queries
from services.panel.rules.agenda import SEATS
from services.panel.tables import PanelRow, SeatRow
from shared.audit import record
from shared.errors import Conflict, Invalid

_LOOK_AGAIN = "Somebody has changed this seat meanwhile. Look at it again."


class SeatChanged(Conflict):
    """Somebody else changed the seat first."""


@dataclass(frozen=True)
class NewSeat:
    """A seat to fill; a member's seat may wait for somebody to be named for its agency or role.

    `role` says in words what the seat stands for, such as health visiting.
    """

    seat: str
    agency_id: UUID | None
    person_id: UUID | None
    role: str = ""


def fill_seats(session: Session, panel: PanelRow, seats: Sequence[NewSeat], *, by: UUID, now: datetime) -> None:
    """Add these seats to a panel; a person who sits there already gets the new seat in place of the old.

    Somebody named for an agency whose seat waits takes that seat. The panel's row is locked, so that two people
    who fill seats at once do so one after the other. Raises Invalid for a seat without person that is no member's.
    """
    queries.lock_panel(session, panel.id)
    for number, new in enumerate(seats):
        try:
            _check(new)
        except Invalid as refusal:
            raise Invalid(str(refusal), {str(number): refusal.errors}) from refusal
        if new.person_id is None:
            _keep_free_seat(session, panel.id, new)
        else:
            _seat_person(session, panel.id, new, new.person_id, now)
        record(
            session,
            who=by,
            did="filled_seat",
            subject="panel",
            subject_id=panel.key,
            seat=new.seat,
            role=new.role,
            person=str(new.person_id) if new.person_id else None,
            at=now.isoformat(),
        )
    bring_invitations(session, panel.id, now)
    note_for_panel(session, panel.id, "people")


def change_seat(
    session: Session, panel: PanelRow, seat_id: UUID, new: NewSeat, *, seen: UUID | None, by: UUID, now: datetime
) -> None:
    """Give a seat another person, agency, role or rank; `seen` is the person who had it on the screen.

    Raises SeatChanged, or Invalid.
    """
    queries.lock_panel(session, panel.id)
    seat = _seat_at(session, panel, seat_id, seen)
    _check(new)
    if new.person_id is not None:
        other = queries.seat_of(session, panel.id, new.person_id)
        if other is not None and other.id != seat.id:
            message = "This person has another seat at this panel"
            raise Invalid(message, {"person_id": [message]})
        expect_person(session, new.person_id, new.agency_id)
    before = seat.person_id
    if new.person_id != before:
        seat.named_at = now if new.person_id else None
    seat.seat, seat.agency_id, seat.person_id, seat.role = new.seat, new.agency_id, new.person_id, new.role
    session.flush()
    said = {"seat": new.seat, "role": new.role, "person": str(new.person_id) if new.person_id else None}
    record(session, who=by, did="changed_seat", subject="panel", subject_id=panel.key, **said)
    if before is not None and before != new.person_id:
        end_feed_without_seat(session, before, by=by)
    bring_invitations(session, panel.id, now)
    note_for_panel(session, panel.id, "people")


def check_how_many(count: int, *, most: int) -> None:
    """Refuse more seats at once than a panel can have; raises Invalid."""
    if not 1 <= count <= most:
        raise Invalid(f"Give from 1 to {most} seats.")


def free_seat(session: Session, panel: PanelRow, seat_id: UUID, *, seen: UUID | None, by: UUID, now: datetime) -> None:
    """Take a person out of a seat; a member's stays, with its agency or role, to be named.

    `seen` is the person who had it on the screen. Raises SeatChanged.
    """
    queries.lock_panel(session, panel.id)
    seat = _seat_at(session, panel, seat_id, seen)
    if seen is None:
        raise SeatChanged(_LOOK_AGAIN)
    said = {"seat": seat.seat, "role": seat.role, "person": str(seen)}
    record(session, who=by, did="freed_seat", subject="panel", subject_id=panel.key, **said)
    if seat.seat == "member" and (seat.agency_id is not None or seat.role):
        seat.person_id, seat.named_at = None, None
    else:
        session.delete(seat)
    session.flush()
    end_feed_without_seat(session, seen, by=by)
    bring_invitations(session, panel.id, now)
    note_for_panel(session, panel.id, "people")


def remove_seat(session: Session, panel: PanelRow, seat_id: UUID, *, by: UUID) -> None:
    """Take away a seat that nobody is wanted for any more; raises SeatChanged when somebody has it."""
    queries.lock_panel(session, panel.id)
    seat = _seat_at(session, panel, seat_id, None)
    record(session, who=by, did="removed_seat", subject="panel", subject_id=panel.key, seat=seat.seat, role=seat.role)
    session.delete(seat)
    session.flush()


def _seat_at(session: Session, panel: PanelRow, seat_id: UUID, seen: UUID | None) -> SeatRow:
    seat = session.get(SeatRow, seat_id, populate_existing=True)
    if seat is None or seat.panel_id != panel.id or seat.person_id != seen:
        raise SeatChanged(_LOOK_AGAIN)
    return seat


def _check(new: NewSeat) -> None:
    if new.seat not in SEATS:
        message = "Select a seat"
        raise Invalid(message, {"seat": [message]})
    if new.person_id is None and (new.seat != "member" or (new.agency_id is None and not new.role)):
        message = "Only a member's seat can wait for its person to be named, and it needs an agency or a role"
        raise Invalid(message, {"person_id": [message]})


def _seat_person(session: Session, panel_id: UUID, new: NewSeat, person_id: UUID, now: datetime) -> None:
    expect_person(session, person_id, new.agency_id)
    seat = queries.seat_of(session, panel_id, person_id) or _free_seat_of(session, panel_id, new)
    if seat is None:
        seat = SeatRow(panel_id=panel_id)
        session.add(seat)
    if seat.person_id != person_id:
        seat.named_at = now
    seat.seat, seat.agency_id, seat.person_id = new.seat, new.agency_id, person_id
    seat.role = new.role or seat.role or ""
    session.flush()


def _keep_free_seat(session: Session, panel_id: UUID, new: NewSeat) -> None:
    if _free_seat_of(session, panel_id, new) is None:
        session.add(SeatRow(panel_id=panel_id, seat=new.seat, agency_id=new.agency_id, role=new.role))
        session.flush()


def _free_seat_of(session: Session, panel_id: UUID, new: NewSeat) -> SeatRow | None:
    """Return a seat that waits for somebody of this agency: of the same role, if one is given."""
    waiting = sa.select(SeatRow).where(
        SeatRow.panel_id == panel_id,
        SeatRow.seat == new.seat,
        SeatRow.agency_id == new.agency_id if new.agency_id else SeatRow.agency_id.is_(None),
        SeatRow.person_id.is_(None),
    )
    if new.role or new.agency_id is None:
        waiting = waiting.where(SeatRow.role == new.role)
    return session.scalar(waiting.order_by(SeatRow.id).limit(1))
