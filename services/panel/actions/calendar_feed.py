"""The address from which somebody's own calendar reads their meetings: made, renewed, ended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.queries.calendar import panels_of
from services.panel.rules.calendar_feed import feed_secret, fingerprint_of
from services.panel.tables import CalendarFeedRow
from shared.audit import record
from shared.errors import Conflict


def renew_feed(session: Session, person_id: UUID, *, key: str, now: datetime) -> None:
    """Make the person's address, or another in its place: the earlier one ends at once; raises Conflict without a seat."""
    if not panels_of(session, person_id):
        raise Conflict("You have no seat at a panel, so there are no meetings for your calendar.")
    row = session.get(CalendarFeedRow, person_id, with_for_update=True)
    if row is None:
        row = CalendarFeedRow(person_id=person_id, number=0)
        session.add(row)
    row.number, row.made_at = row.number + 1, now
    row.secret_hash = fingerprint_of(feed_secret(person_id, row.number, key))
    record(session, who=person_id, did="renewed_calendar_feed", subject="person", subject_id=person_id)
    session.flush()


def end_feed(session: Session, person_id: UUID, *, by: UUID | str) -> None:
    """End a person's address, if there is one; its number stays used, so that no later one is the same."""
    row = session.get(CalendarFeedRow, person_id, with_for_update=True)
    if row is not None and row.secret_hash is not None:
        row.secret_hash = None
        record(session, who=by, did="ended_calendar_feed", subject="person", subject_id=person_id)
        session.flush()


def end_feed_without_seat(session: Session, person_id: UUID, *, by: UUID | str) -> None:
    """End the address of somebody who has no seat any more."""
    if not panels_of(session, person_id):
        end_feed(session, person_id, by=by)
