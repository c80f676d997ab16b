"""Reads about letters: those of the panels that somebody leads, and what one of them says."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.queries.no_part import has_part_in
from services.panel.queries.papers import latest_paper
from services.panel.rules.paper import excluded_agencies
from services.panel.tables import (
    ActionRow,
    DecisionRow,
    KnownAgencyRow,
    KnownServiceRow,
    LetterRow,
    MeetingRow,
)
from shared.agencies import is_excluded
from shared.errors import NotFound
from shared.london import london_date
from shared.paging import LONG_PAGE_SIZE, PageOf, page_of_lines


class LetterLine(NamedTuple):
    """A letter with the decision and the meeting that it is about."""

    letter: LetterRow
    decision: DecisionRow
    meeting: MeetingRow

    def days_waited(self, today: date) -> int:
        """Return for how many days the family has waited to be written to since the decision."""
        return (today - london_date(self.decision.decided_at)).days


def letters_page(
    session: Session, panel_ids: Collection[UUID], person_id: UUID, states: Sequence[str], *, number: int
) -> PageOf[LetterLine]:
    """Return a page of the letters of panels, who has waited longest since the decision first; none where the person has no part."""
    newest_first = set(states).isdisjoint(("held", "to_check", "to_tell", "to_print"))
    order = LetterRow.made_at.desc() if newest_first else DecisionRow.decided_at
    statement = _lines(session, panel_ids, person_id).where(LetterRow.state.in_(states))
    ordered = statement.order_by(order, LetterRow.id)
    return page_of_lines(session, ordered, LetterLine, number=number, size=LONG_PAGE_SIZE)


def letter_counts(session: Session, panel_ids: Collection[UUID], person_id: UUID) -> dict[str, int]:
    """Return how many letters of these panels are in each state."""
    lines = (
        _lines(session, panel_ids, person_id)
        .with_only_columns(LetterRow.state, sa.func.count())
        .group_by(LetterRow.state)
    )
    return {row[0]: row[1] for row in session.execute(lines)}


def letter_seen(
    session: Session, letter_id: UUID, panel_ids: Collection[UUID], person_id: UUID, *, lock: bool = False
) -> LetterLine:
    """Return a letter of these panels; raises NotFound for any other, and where the person has no part in the family."""
    statement = _lines(session, panel_ids, person_id).where(LetterRow.id == letter_id)
    if lock:
        statement = statement.with_for_update(of=LetterRow).execution_options(populate_existing=True)
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound("There is no such letter.")
    return LetterLine(row[0], row[1], row[2])


def letters_of_decision(session: Session, decision_id: UUID) -> Sequence[LetterRow]:
    """Return the letters of a decision, locked."""
    statement = sa.select(LetterRow).where(LetterRow.decision_id == decision_id).order_by(LetterRow.home_ref)
    return session.scalars(statement.with_for_update().execution_options(populate_existing=True)).all()


def written_to_otherwise(session: Session, letter: LetterRow) -> set[str]:
    """Return the refs of the adults for whom there is another letter about the same decision."""
    others = sa.select(LetterRow.adult_refs).where(
        LetterRow.decision_id == letter.decision_id, LetterRow.id != letter.id, LetterRow.state != "withdrawn"
    )
    return {ref for refs in session.scalars(others) for ref in refs}


def was_written_before(session: Session, decision: DecisionRow) -> bool:
    """Say whether a letter about a decision that this one supersedes was sent, at whatever remove."""
    earlier = decision.supersedes_id
    while earlier is not None:
        sent = sa.exists().where(LetterRow.decision_id == earlier, LetterRow.state == "sent")
        if session.scalar(sa.select(sent)):
            return True
        earlier = session.get_one(DecisionRow, earlier).supersedes_id
    return False


def is_superseded(session: Session, decision_id: UUID) -> bool:
    """Say whether another decision supersedes this one."""
    return bool(session.scalar(sa.select(sa.exists().where(DecisionRow.supersedes_id == decision_id))))


def agencies_of_decision(session: Session, decision: DecisionRow) -> set[UUID]:
    """Return the agencies that a decision concerns, of its service and its actions; none that the family excludes now."""
    owners = sa.select(ActionRow.owner_agency_id).where(ActionRow.decision_id == decision.id)
    found = set(session.scalars(owners))
    if "service_id" in decision.details:
        service = session.get(KnownServiceRow, UUID(decision.details["service_id"]))
        found |= {service.agency_id} if service else set()
    paper = latest_paper(session, decision.request_id)
    not_with = excluded_agencies(paper.content) if paper else []
    names = session.scalars(sa.select(KnownAgencyRow).where(KnownAgencyRow.agency_id.in_(found)))
    return found - {agency.agency_id for agency in names if is_excluded(agency.name, not_with)}


def _lines(
    session: Session, panel_ids: Collection[UUID], person_id: UUID
) -> sa.Select[LetterRow, DecisionRow, MeetingRow]:
    return (
        sa.select(LetterRow, DecisionRow, MeetingRow)
        .join(DecisionRow, DecisionRow.id == LetterRow.decision_id)
        .join(MeetingRow, MeetingRow.id == DecisionRow.meeting_id)
        .where(LetterRow.panel_id.in_(panel_ids), has_part_in(session, LetterRow.request_id, person_id))
    )
