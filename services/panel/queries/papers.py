"""Reads about families' papers: the newest ones, and to whom they are closed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from services.panel.queries.no_part import agencies_of
from services.panel.rules.consent import why_closed
from services.panel.rules.reviews import TAKEN_AWAY
from services.panel.tables import (
    AgendaItemRow,
    AllocationRow,
    ConflictRow,
    KnownAgencyRow,
    MeetingRow,
    PaperRow,
    PaperWantedRow,
    PlanRow,
    SeatRow,
)


def database_now(session: Session) -> datetime:
    """Return the time by the database's own clock, by which papers are wanted and asked for."""
    moment: datetime = session.scalars(sa.select(sa.func.clock_timestamp())).one()
    return moment


def latest_paper(session: Session, request_id: UUID) -> PaperRow | None:
    """Return the newest paper of a request, or None while none was fetched."""
    return latest_papers(session, [request_id]).get(request_id)


def latest_paper_id(session: Session, request_id: UUID) -> UUID | None:
    """Return the id of the newest paper of a request, or None while none was fetched."""
    paper = latest_paper(session, request_id)
    return paper.id if paper else None


def latest_papers(session: Session, request_ids: Sequence[UUID]) -> dict[UUID, PaperRow]:
    """Return the newest paper of each request that has one."""
    papers = session.scalars(
        sa.select(PaperRow)
        .where(PaperRow.request_id.in_(request_ids))
        .ext(distinct_on(PaperRow.request_id))
        .order_by(PaperRow.request_id, PaperRow.asked_at.desc(), PaperRow.id.desc())
    )
    return {paper.request_id: paper for paper in papers}


def has_or_wants_paper(session: Session, request_id: UUID) -> bool:
    """Say whether the service keeps a paper of a request, or is about to."""
    kept = sa.exists().where(PaperRow.request_id == request_id)
    wanted = sa.exists().where(PaperWantedRow.request_id == request_id)
    return bool(session.scalar(sa.select(sa.or_(kept, wanted))))


def awaited_answers(session: Session, request_ids: Sequence[UUID]) -> set[UUID]:
    """Return the requests whose family answered anew about sharing and whose paper has not been fetched since."""
    return set(
        session.scalars(
            sa.select(PaperWantedRow.request_id).where(
                PaperWantedRow.request_id.in_(request_ids), PaperWantedRow.consent_changed
            )
        )
    )


def closed_to_agency(session: Session, request_id: UUID, agency_id: UUID | None) -> str:
    """Return why a request's paper is closed to an agency: a code of rules/consent.py; empty when it is open."""
    if _was_taken_away(session, request_id, agency_id):
        return "taken_away"
    newest = latest_paper(session, request_id)
    return why_closed(
        newest.content if newest else None,
        agencies=agency_names(session, {agency_id}),
        is_awaited=bool(awaited_answers(session, [request_id])),
    )


def closed_to_member(
    session: Session, meeting: MeetingRow, items: Sequence[AgendaItemRow], person_id: UUID
) -> dict[UUID, str]:
    """Return the items of a meeting whose papers are closed to a person, each with why: a code of rules/consent.py.

    A conflict that they declared closes a paper to them, and so does what the family says about sharing now,
    whatever it said when the paper was circulated.
    """
    return closed_to_members(session, meeting, items, [person_id])[person_id]


def closed_to_members(
    session: Session, meeting: MeetingRow, items: Sequence[AgendaItemRow], person_ids: Sequence[UUID]
) -> dict[UUID, dict[UUID, str]]:
    """Return for each of these people what `closed_to_member` says."""
    request_ids = [item.request_id for item in items]
    newest, awaited = latest_papers(session, request_ids), awaited_answers(session, request_ids)
    conflicts = _conflicts(session, request_ids)
    keep_papers = _keep_papers(session, meeting)
    return {
        person_id: {
            item.id: why
            for item in items
            if (
                why := "conflict"
                if (item.request_id, person_id) in conflicts
                else _why(
                    item,
                    newest.get(item.request_id),
                    agencies,
                    keeps_papers=person_id in keep_papers,
                    is_awaited=item.request_id in awaited,
                )
            )
        }
        for person_id, agencies in agencies_of(session, person_ids).items()
    }


def _keep_papers(session: Session, meeting: MeetingRow) -> set[UUID]:
    """Return who keeps the papers of a meeting: who prepares it, and who takes its notes while they have a seat."""
    keeps = sa.or_(SeatRow.seat == "coordinator", SeatRow.person_id == meeting.notes_by)
    return {
        one
        for one in session.scalars(sa.select(SeatRow.person_id).where(SeatRow.panel_id == meeting.panel_id, keeps))
        if one
    }


def _why(
    item: AgendaItemRow, newest: PaperRow | None, agencies: Sequence[str], *, keeps_papers: bool, is_awaited: bool
) -> str:
    why = why_closed(
        newest.content if newest else None, agencies=agencies, is_awaited=is_awaited, keeps_papers=keeps_papers
    )
    return why or ("left" if item.state == "removed" and not keeps_papers else "")


def _conflicts(session: Session, request_ids: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    """Return who declared a conflict with which of these requests, at whatever meeting: pairs of request and person."""
    rows = session.execute(
        sa.select(AgendaItemRow.request_id, ConflictRow.person_id)
        .join(AgendaItemRow, AgendaItemRow.id == ConflictRow.agenda_item_id)
        .where(AgendaItemRow.request_id.in_(request_ids))
    )
    return {(row[0], row[1]) for row in rows}


def _was_taken_away(session: Session, request_id: UUID, agency_id: UUID | None) -> bool:
    """Say whether the front door took a family away from the agency that had its plan, and nobody offered it anew."""
    plans = sa.select(PlanRow.closed_because).where(PlanRow.request_id == request_id, PlanRow.agency_id == agency_id)
    last = session.scalars(plans.order_by(PlanRow.closed_on.desc().nulls_first(), PlanRow.opened_on.desc())).first()
    if last not in TAKEN_AWAY:
        return False
    offered = sa.exists().where(
        AllocationRow.request_id == request_id, AllocationRow.agency_id == agency_id, AllocationRow.state == "offered"
    )
    return not session.scalar(sa.select(offered))


def agency_names(session: Session, agency_ids: set[UUID | None]) -> list[str]:
    """Return the agencies' names, of those that are no longer active too: they are still whom the family meant."""
    return list(
        session.scalars(sa.select(KnownAgencyRow.name).where(KnownAgencyRow.agency_id.in_(agency_ids - {None})))
    )
