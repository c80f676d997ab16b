"""Who sits at a panel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.actions.people import expect_person
from services.panel.queries import calendar as queries
from services.panel.rules.agenda import SEATS
from services.panel.tables import PanelRow, SeatRow
from shared.audit import record
from shared.errors import Conflict, Invalid


@dataclass(frozen=True)
class NewSeat:
    """A seat to fill; a member's seat may wait for its agency to name the person."""

    seat: str
    agency_id: UUID | None
    person_id: UUID | None


def fill_seats(session: Session, panel: PanelRow, seats: Sequence[NewSeat], *, by: UUID, now: datetime) -> None:
    """Add these seats to a panel; a person who sits there already gets the new seat in place of the old.

    Somebody named for an agency whose seat waits takes that seat. The panel's row is locked, so that two people
    who fill seats at once do so one after the other. Raises Invalid for a seat without person that is no member's.
    """
    queries.lock_panel(session, panel.id)
    for number, new in enumerate(seats):
        _check(new, number)
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
            person=str(new.person_id) if new.person_id else None,
            at=now.isoformat(),
        )


def check_how_many(count: int, *, most: int) -> None:
    """Refuse more seats at once than a panel can have; raises Invalid."""
    if not 1 <= count <= most:
        raise Invalid(f"Give from 1 to {most} seats.")


def free_seat(session: Session, panel: PanelRow, seat_id: UUID, *, by: UUID) -> None:
    """Take a person out of a seat; a member's seat stays with its agency, to be named. Raises Conflict."""
    queries.lock_panel(session, panel.id)
    seat = session.get(SeatRow, seat_id)
    if seat is None or seat.panel_id != panel.id or seat.person_id is None:
        raise Conflict("This seat has been changed meanwhile. Look at the list again.")
    record(
        session,
        who=by,
        did="freed_seat",
        subject="panel",
        subject_id=panel.key,
        seat=seat.seat,
        person=str(seat.person_id),
    )
    if seat.seat == "member" and seat.agency_id is not None:
        seat.person_id = None
    else:
        session.delete(seat)


def _check(new: NewSeat, number: int) -> None:
    if new.seat not in SEATS:
        message = "Select a seat"
        raise Invalid(message, {str(number): {"seat": [message]}})
    if new.person_id is None and (new.seat != "member" or new.agency_id is None):
        message = "Only a member's seat can wait for an agency to name the person"
        raise Invalid(message, {str(number): {"person_id": [message]}})


def _seat_person(session: Session, panel_id: UUID, new: NewSeat, person_id: UUID, now: datetime) -> None:
    expect_person(session, person_id, new.agency_id)
    seat = queries.seat_of(session, panel_id, person_id) or _free_seat_of(session, panel_id, new)
    if seat is None:
        seat = SeatRow(panel_id=panel_id)
        session.add(seat)
    if seat.person_id != person_id:
        seat.named_at = now
    seat.seat, seat.agency_id, seat.person_id = new.seat, new.agency_id, person_id
    session.flush()


def _keep_free_seat(session: Session, panel_id: UUID, new: NewSeat) -> None:
    if _free_seat_of(session, panel_id, new) is None:
        session.add(SeatRow(panel_id=panel_id, seat=new.seat, agency_id=new.agency_id))
        session.flush()


def _free_seat_of(session: Session, panel_id: UUID, new: NewSeat) -> SeatRow | None:
    return session.scalar(
        sa.select(SeatRow)
        .where(
            SeatRow.panel_id == panel_id,
            SeatRow.seat == new.seat,
            SeatRow.agency_id == new.agency_id,
            SeatRow.person_id.is_(None),
        )
        .limit(1)
    )
