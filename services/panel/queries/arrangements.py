"""Reads about what was arranged by hand, and where a family stands that somebody is about to move."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from services.panel.queries.queue import OPEN
from services.panel.tables import AgendaItemRow, ArrangementRow, MeetingRow, QueueEntryRow
from shared.errors import NotFound

MOST_SHOWN = 50


@dataclass(frozen=True)
class Standing:
    """A request's open wait, and the item and the meeting that it has a place at, if any."""

    entry: QueueEntryRow
    item: AgendaItemRow | None
    meeting: MeetingRow | None


def standing_of(session: Session, request_id: UUID) -> Standing:
    """Return where a request waits now, nothing locked; raises NotFound where it waits nowhere."""
    placed = sa.and_(AgendaItemRow.queue_entry_id == QueueEntryRow.id, AgendaItemRow.state == "placed")
    row = session.execute(
        sa.select(QueueEntryRow, AgendaItemRow, MeetingRow)
        .outerjoin(AgendaItemRow, placed)
        .outerjoin(MeetingRow, MeetingRow.id == AgendaItemRow.meeting_id)
        .where(QueueEntryRow.request_id == request_id, QueueEntryRow.state.in_(OPEN))
        .options(joinedload(QueueEntryRow.panel))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound("This request waits for no meeting. It may have been heard, or gone elsewhere.")
    return Standing(*row)


def family_waits_with(session: Session, request_id: UUID) -> list[UUID]:
    """Return the requests of a request's family that wait at the same panel, itself among them; empty when it does not."""
    own = aliased(QueueEntryRow)
    return list(
        session.scalars(
            sa.select(QueueEntryRow.request_id)
            .join(own, sa.and_(own.family_id == QueueEntryRow.family_id, own.panel_id == QueueEntryRow.panel_id))
            .where(own.request_id == request_id, own.state.in_(OPEN), QueueEntryRow.state.in_(OPEN))
            .order_by(QueueEntryRow.received_on, QueueEntryRow.reference)
        )
    )


def arranged_about(session: Session, request_id: UUID) -> Sequence[ArrangementRow]:
    """Return what was arranged about a request, the latest first."""
    return session.scalars(
        sa.select(ArrangementRow)
        .where(ArrangementRow.request_id == request_id)
        .order_by(ArrangementRow.arranged_at.desc(), ArrangementRow.id)
        .limit(MOST_SHOWN)
    ).all()


def arranged_at(session: Session, meeting_id: UUID) -> Sequence[ArrangementRow]:
    """Return what was arranged about a meeting and the families on it, in the order in which it was."""
    return session.scalars(
        sa.select(ArrangementRow)
        .where(ArrangementRow.meeting_id == meeting_id)
        .order_by(ArrangementRow.arranged_at, ArrangementRow.id)
        .limit(10 * MOST_SHOWN)
    ).all()
