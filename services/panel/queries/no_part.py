"""In which families somebody has no part: one rule, which every list and every page of a single family keeps to.

Somebody has no part in a family with which they declared a conflict, and in one whose newest answer excludes an agency
of theirs: their own, or one for which they have a seat. They are told no more of it than that it is there.
"""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from services.panel.rules.agenda import LEADING_SEATS
from services.panel.rules.consent import CLOSED_BECAUSE
from services.panel.tables import (
    AgendaItemRow,
    ConflictRow,
    KnownAgencyRow,
    KnownPersonRow,
    PaperRow,
    QueueEntryRow,
    SeatRow,
)
from services.panel.tables.papers import EXCLUDES_SOMEBODY, NOT_WITH
from shared.agencies import is_excluded
from shared.errors import Forbidden


def without_part(session: Session, person_id: UUID) -> sa.Select[UUID]:
    """Return the statement that gives the requests in which a person has no part."""
    declared = (
        sa.select(AgendaItemRow.request_id)
        .join(ConflictRow, ConflictRow.agenda_item_id == AgendaItemRow.id)
        .where(ConflictRow.person_id == person_id)
    )
    return sa.select(declared.union_all(_excluding(session, agencies_of(session, [person_id])[person_id])).subquery())


def has_part_in(session: Session, request_id: InstrumentedAttribute[UUID], person_id: UUID) -> sa.ColumnElement[bool]:
    """Return the condition that a person has a part in the request in a column: what a list about families is cut to."""
    return request_id.not_in(without_part(session, person_id))


def no_part_at(session: Session, items: Collection[AgendaItemRow], person_id: UUID) -> set[UUID]:
    """Return the ids of these items, of whose families a person has no part in."""
    closed = without_part(session, person_id).subquery()
    among = closed.c.request_id.in_([item.request_id for item in items])
    request_ids = set(session.scalars(sa.select(closed.c.request_id).where(among)))
    return {item.id for item in items if item.request_id in request_ids}


def no_part_in(session: Session, request_id: UUID, person_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return who of these people has no part in a family, each with why: conflict or excluded (rules/consent.py)."""
    lists = sa.select(PaperRow.content["consent"]["not_with"]).where(PaperRow.request_id == request_id)
    not_with = session.scalar(lists.order_by(PaperRow.asked_at.desc(), PaperRow.id.desc()).limit(1)) or []
    agencies, in_conflict = agencies_of(session, person_ids), in_conflict_with(session, request_id)
    excluded = {one for one in person_ids if any(is_excluded(name, not_with) for name in agencies[one])}
    return dict.fromkeys(excluded, "excluded") | dict.fromkeys(in_conflict.intersection(person_ids), "conflict")


def with_part_in(session: Session, request_id: UUID, person_ids: Collection[UUID]) -> list[UUID]:
    """Return who of these people has a part in a family, in their order."""
    without = no_part_in(session, request_id, person_ids)
    return [person_id for person_id in person_ids if person_id not in without]


def check_has_part(session: Session, request_id: UUID, person_id: UUID) -> None:
    """Refuse whoever has no part in a family; raises Forbidden, which says why and nothing of the family."""
    if why := no_part_in(session, request_id, [person_id]).get(person_id):
        raise Forbidden(f"{CLOSED_BECAUSE[why]}. Somebody else acts for this family.")


def references_told_to(session: Session, references: Collection[str], person_id: UUID) -> set[str]:
    """Return which of these requests have been at a panel that a person leads, and are of families in which they have a part."""
    led = sa.select(SeatRow.panel_id).where(SeatRow.person_id == person_id, SeatRow.seat.in_(LEADING_SEATS))
    found = sa.select(QueueEntryRow.reference).where(
        QueueEntryRow.reference.in_(references),
        QueueEntryRow.panel_id.in_(led),
        has_part_in(session, QueueEntryRow.request_id, person_id),
    )
    return set(session.scalars(found))


def in_conflict_with(session: Session, request_id: UUID) -> set[UUID]:
    """Return who declared a conflict with a family at whatever meeting had this request: it holds at the next one too."""
    statement = sa.select(ConflictRow.person_id).join(AgendaItemRow, AgendaItemRow.id == ConflictRow.agenda_item_id)
    return set(session.scalars(statement.where(AgendaItemRow.request_id == request_id)))


def agencies_of(session: Session, person_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Return the names of each person's agencies, active or not: their own, and those for which they have a seat."""
    by_seat = sa.select(SeatRow.person_id, SeatRow.agency_id).where(SeatRow.person_id.in_(person_ids))
    own = sa.select(KnownPersonRow.person_id, KnownPersonRow.agency_id).where(KnownPersonRow.person_id.in_(person_ids))
    either = by_seat.union(own).subquery()
    found: dict[UUID, list[str]] = {person_id: [] for person_id in person_ids}
    named = sa.select(either.c.person_id, KnownAgencyRow.name)
    for person_id, name in session.execute(named.join(KnownAgencyRow, KnownAgencyRow.agency_id == either.c.agency_id)):
        found[person_id].append(name)
    return found


def _excluding(session: Session, agencies: Collection[str]) -> sa.Select[UUID]:
    """Return the statement that gives the requests whose newest paper excludes one of these agencies.

    Which names mean an agency is no question for SQL (shared/agencies.py): families' lists are few, and are read first.
    """
    lists = (
        session.scalars(sa.select(NOT_WITH).select_from(PaperRow).where(EXCLUDES_SOMEBODY).distinct()).all()
        if agencies
        else []
    )
    named = [one for one in lists if any(is_excluded(agency, map(str, one)) for agency in agencies)]
    later = aliased(PaperRow)
    is_older = (
        sa.exists()
        .where(later.request_id == PaperRow.request_id)
        .where(sa.tuple_(later.asked_at, later.id) > sa.tuple_(PaperRow.asked_at, PaperRow.id))
    )
    return sa.select(PaperRow.request_id).where(EXCLUDES_SOMEBODY, NOT_WITH.in_(named), ~is_older)
