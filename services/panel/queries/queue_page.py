"""One page of who waits at some panels, in the order in which families take places, found by what is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from services.panel.queries.no_part import has_part_in
from services.panel.queries.queue import OPEN
from services.panel.rules.queue import CARRIED_TOO_OFTEN, RETURNED, URGENCIES
from services.panel.tables import AgendaItemRow, MeetingRow, PaperWantedRow, QueueEntryRow
from shared.paging import PageOf

ROWS = 60


@dataclass(frozen=True)
class QueueFilter:
    """What to find for a reader, of families in which they have a part: `place` is with or without; empty leaves nothing out.

    `can_come_late`: on no agenda that has closed.
    """

    panel_ids: Sequence[UUID]
    reader_id: UUID
    why: str = ""
    urgency: str = ""
    place: str = ""
    carried_too_often: bool = False
    can_come_late: bool = False


@dataclass(frozen=True)
class QueueLine:
    """A waiting request with the meeting that it has a place at, if any, and what keeps its paper away, if anything.

    `families_ahead` counts the families without a place who come before this one; None where it has a place.
    """

    entry: QueueEntryRow
    held_on: date | None
    meeting_id: UUID | None
    paper_error: str | None
    families_ahead: int | None


def queue_page(session: Session, asked: QueueFilter, number: int) -> PageOf[QueueLine]:
    """Return one page of who waits: the order of rules/queue.py, requests for one family after each other.

    Whoever is not shown to the reader is counted all the same among the families that come before another.
    """
    lines = _lines(asked.panel_ids)
    item_placed = sa.and_(AgendaItemRow.queue_entry_id == QueueEntryRow.id, AgendaItemRow.state == "placed")
    ahead = sa.case((QueueEntryRow.state == "waiting", lines.c.place - 1))
    rows = session.execute(
        sa.select(QueueEntryRow, MeetingRow.held_on, MeetingRow.id, PaperWantedRow.last_error, ahead)
        .join(lines, lines.c.id == QueueEntryRow.id)
        .outerjoin(AgendaItemRow, item_placed)
        .outerjoin(MeetingRow, MeetingRow.id == AgendaItemRow.meeting_id)
        .outerjoin(PaperWantedRow, PaperWantedRow.request_id == QueueEntryRow.request_id)
        .where(*_asked_for(session, asked))
        .options(joinedload(QueueEntryRow.panel))
        .order_by(lines.c.family_line, QueueEntryRow.family_id, lines.c.line)
        .limit(ROWS)
        .offset((number - 1) * ROWS)
    )
    total = session.scalar(sa.select(sa.func.count(QueueEntryRow.id)).where(*_asked_for(session, asked)))
    return PageOf([QueueLine(*row) for row in rows], number, ROWS, total or 0)


def not_shown(session: Session, asked: QueueFilter) -> int:
    """Return how many requests wait at these panels in which the reader has no part, whatever else is asked for."""
    hidden = ~has_part_in(session, QueueEntryRow.request_id, asked.reader_id)
    return session.scalars(sa.select(sa.func.count(QueueEntryRow.id)).where(*_waits(asked), hidden)).one()


def _waits(asked: QueueFilter) -> list[sa.ColumnElement[bool]]:
    return [QueueEntryRow.panel_id.in_(asked.panel_ids), QueueEntryRow.state.in_(OPEN)]


def _asked_for(session: Session, asked: QueueFilter) -> list[sa.ColumnElement[bool]]:
    found = [*_waits(asked), has_part_in(session, QueueEntryRow.request_id, asked.reader_id)]
    if asked.why:
        found.append(QueueEntryRow.why == asked.why)
    if asked.urgency:
        found.append(QueueEntryRow.urgency == asked.urgency)
    if asked.place:
        found.append(QueueEntryRow.state == ("placed" if asked.place == "with" else "waiting"))
    if asked.carried_too_often:
        found.append(QueueEntryRow.times_carried >= CARRIED_TOO_OFTEN)
    if asked.can_come_late:
        on_closed = sa.exists().where(
            AgendaItemRow.queue_entry_id == QueueEntryRow.id,
            AgendaItemRow.state == "placed",
            AgendaItemRow.number.is_not(None),
        )
        found.append(~on_closed.correlate(QueueEntryRow))
    return found


def _lines(panel_ids: Sequence[UUID]) -> sa.Subquery:
    """Return every open entry of these panels with its place in line, as rules/queue.py orders them, filtered or not."""
    ranks = {code: str(rank) for rank, code in enumerate(URGENCIES)}
    line = sa.func.concat(
        sa.case(ranks, value=QueueEntryRow.urgency, else_=ranks["routine"]),
        sa.func.to_char(QueueEntryRow.received_on, "YYYYMMDD"),
        sa.func.lpad(sa.cast(999 - QueueEntryRow.times_carried, sa.Text), 3, "0"),
        sa.case((QueueEntryRow.why.in_(RETURNED), "0"), else_="1"),
        QueueEntryRow.reference,
    ).collate("C")
    of_entry = (
        sa.select(
            QueueEntryRow.id, QueueEntryRow.panel_id, QueueEntryRow.family_id, QueueEntryRow.state, line.label("line")
        )
        .where(QueueEntryRow.panel_id.in_(panel_ids), QueueEntryRow.state.in_(OPEN))
        .subquery()
    )
    first = sa.func.min(of_entry.c.line).over(partition_by=(of_entry.c.panel_id, of_entry.c.family_id))
    of_family = sa.select(of_entry, first.label("family_line")).subquery()
    place = sa.func.dense_rank().over(
        partition_by=(of_family.c.panel_id, of_family.c.state),
        order_by=(of_family.c.family_line, of_family.c.family_id),
    )
    return sa.select(of_family.c.id, of_family.c.line, of_family.c.family_line, place.label("place")).subquery()
