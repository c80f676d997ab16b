"""Reads about what agencies say that they know of a family, for its paper, the meeting and the coordinator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from services.panel.queries.papers import latest_papers
from services.panel.queries.people import names_of
from services.panel.rules.knowledge import ASKED_SEATS, STANDS
from services.panel.rules.paper import excluded_agencies
from services.panel.tables import AgencyKnowledgeRow, AgendaItemRow, KnownAgencyRow, KnownPersonRow, SeatRow
from shared.agencies import is_excluded


@dataclass(frozen=True)
class AgencyAnswer:
    """How one agency stands to one family: `stands` is a code of STANDS; who said it, when and the note where it answered."""

    agency_id: UUID
    agency: str
    stands: str
    note: str = ""
    said_by: str = ""
    said_at: datetime | None = None
    answer_id: UUID | None = None

    @property
    def in_words(self) -> str:
        """Return how the agency stands, in words."""
        return STANDS[self.stands]

    @property
    def is_outstanding(self) -> bool:
        """Say whether the agency is still to say what it knows."""
        return self.stands in ("unanswered", "looking")


def what_agencies_know(
    session: Session, panel_id: UUID, items: Sequence[AgendaItemRow]
) -> dict[UUID, list[AgencyAnswer]]:
    """Return what each agency of a panel knows of each family on its agenda, by the item's id, agencies by name.

    Everybody who may read the item's paper may read this; whose paper is closed to them may not. An agency that the
    family excludes by now is said to be, whatever it said before.
    """
    request_ids = [item.request_id for item in items]
    said = _standing_answers(session, request_ids)
    agencies = _agencies_asked(session, panel_id, {agency_id for _, agency_id in said})
    papers = latest_papers(session, request_ids)
    people = names_of(session, {row.said_by for row in said.values()})
    found: dict[UUID, list[AgencyAnswer]] = {}
    for item in items:
        paper = papers.get(item.request_id)
        not_with = excluded_agencies(paper.content) if paper else []
        found[item.id] = [
            _answer(agency_id, name, not_with, said.get((item.request_id, agency_id)), people)
            for agency_id, name in agencies.items()
        ]
    return found


@dataclass(frozen=True)
class Outstanding:
    """An agency that is still to say what it knows: of which items it has said nothing, and where it is still looking."""

    agency_id: UUID
    agency: str
    unanswered: list[UUID]
    looking: list[UUID]


def outstanding(items: Sequence[AgendaItemRow], knowledge: Mapping[UUID, Sequence[AgencyAnswer]]) -> list[Outstanding]:
    """Return the agencies to be reminded, by name, from what `what_agencies_know` gave; who left is not asked about."""
    found: dict[UUID, Outstanding] = {}
    for item in items:
        for answer in knowledge[item.id]:
            if answer.is_outstanding and item.state != "removed":
                one = found.setdefault(answer.agency_id, Outstanding(answer.agency_id, answer.agency, [], []))
                (one.looking if answer.stands == "looking" else one.unanswered).append(item.id)
    return sorted(found.values(), key=lambda one: (one.agency, one.agency_id))


def standing_answer(session: Session, request_id: UUID, agency_id: UUID | None) -> AgencyKnowledgeRow | None:
    """Return what an agency says now that it knows of a request's family, or None while it has said nothing."""
    if agency_id is None:
        return None
    return _standing_answers(session, [request_id]).get((request_id, agency_id))


def answers_for(session: Session, panel_id: UUID, person_id: UUID) -> UUID | None:
    """Return the agency for which a person answers at a panel: that of the seat, else their own, or None."""
    seat = session.scalar(sa.select(SeatRow).where(SeatRow.panel_id == panel_id, SeatRow.person_id == person_id))
    if seat is not None and seat.agency_id is not None:
        return seat.agency_id
    return session.scalar(sa.select(KnownPersonRow.agency_id).where(KnownPersonRow.person_id == person_id))


def _standing_answers(session: Session, request_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], AgencyKnowledgeRow]:
    later = aliased(AgencyKnowledgeRow)
    rows = session.scalars(
        sa.select(AgencyKnowledgeRow).where(
            AgencyKnowledgeRow.request_id.in_(request_ids),
            ~sa.exists().where(later.supersedes_id == AgencyKnowledgeRow.id),
        )
    )
    return {(row.request_id, row.agency_id): row for row in rows}


def _agencies_asked(session: Session, panel_id: UUID, answered: set[UUID]) -> dict[UUID, str]:
    """Return the agencies whose people sit at a panel, and those that have answered, by name."""
    own = sa.func.coalesce(SeatRow.agency_id, KnownPersonRow.agency_id)
    seated = (
        sa.select(own)
        .outerjoin(KnownPersonRow, KnownPersonRow.person_id == SeatRow.person_id)
        .where(SeatRow.panel_id == panel_id, SeatRow.seat.in_(ASKED_SEATS), SeatRow.person_id.is_not(None))
    )
    rows = session.execute(
        sa.select(KnownAgencyRow.agency_id, KnownAgencyRow.name)
        .where(sa.or_(KnownAgencyRow.agency_id.in_(seated), KnownAgencyRow.agency_id.in_(answered)))
        .order_by(KnownAgencyRow.name, KnownAgencyRow.agency_id)
    )
    return {row[0]: row[1] for row in rows}


def _answer(
    agency_id: UUID, name: str, not_with: list[str], said: AgencyKnowledgeRow | None, people: dict[UUID, str]
) -> AgencyAnswer:
    if is_excluded(name, not_with):
        return AgencyAnswer(agency_id, name, "excluded")
    if said is None:
        return AgencyAnswer(agency_id, name, "unanswered")
    return AgencyAnswer(agency_id, name, said.knows, said.note, people.get(said.said_by, ""), said.said_at, said.id)
