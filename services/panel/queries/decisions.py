"""Reads about decisions: what stands beside them, and who had the family before."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.queries import meeting as reads
from services.panel.queries.allocations import chain_of, service_names
from services.panel.rules.children import ChildDecision
from services.panel.rules.recorded import Held
from services.panel.rules.wording import (
    Lines,
    Names,
    children_in_lines,
    day_in_words,
    decision_in_lines,
    dissent_in_lines,
)
from services.panel.tables import DecisionChildRow, DecisionRow, DissentRow, PlanRow, RatificationRow
from shared.london import london_date


def services_before(session: Session, request_id: UUID) -> list[Held]:
    """Return the services that had a family, or declined it, oldest first; an offer that was taken back is none."""
    plans = session.scalars(sa.select(PlanRow).where(PlanRow.request_id == request_id, PlanRow.closed_on.is_not(None)))
    ended = {plan.allocation_id: (plan.closed_on, plan.closed_because) for plan in plans}
    held = []
    for offer in chain_of(session, request_id):
        closed_on, because = ended.get(offer.id, (None, None))
        if offer.state == "declined" and offer.answered_at is not None:
            closed_on, because = london_date(offer.answered_at), offer.declined_because
        if closed_on is not None:
            held.append(Held(str(offer.service_id), london_date(offer.offered_at), closed_on, because or ""))
    return held


def children_of(session: Session, decision_ids: Iterable[UUID]) -> dict[UUID, list[DecisionChildRow]]:
    """Return where decisions differ for a child, by the decision's id, in the order of the paper."""
    rows = sa.select(DecisionChildRow).where(DecisionChildRow.decision_id.in_(list(decision_ids)))
    found: dict[UUID, list[DecisionChildRow]] = {}
    for row in session.scalars(rows.order_by(DecisionChildRow.position)):
        found.setdefault(row.decision_id, []).append(row)
    return found


def outcomes_of(session: Session, decision: DecisionRow) -> set[str]:
    """Return what was decided for the family, and for a child otherwise."""
    own = {child.outcome for child in children_of(session, [decision.id]).get(decision.id, []) if child.outcome}
    return {decision.outcome, *own}


def dissent_of(session: Session, decision_ids: Iterable[UUID]) -> dict[UUID, list[DissentRow]]:
    """Return who disagreed with decisions, by the decision's id."""
    rows = sa.select(DissentRow).where(DissentRow.decision_id.in_(list(decision_ids)))
    found: dict[UUID, list[DissentRow]] = {}
    for row in session.scalars(rows.order_by(DissentRow.person_id)):
        found.setdefault(row.decision_id, []).append(row)
    return found


def ratifications_of(session: Session, item_ids: Iterable[UUID]) -> dict[UUID, RatificationRow]:
    """Return the items that are there to ratify an urgent decision, by the item's id."""
    rows = session.scalars(sa.select(RatificationRow).where(RatificationRow.agenda_item_id.in_(list(item_ids))))
    return {row.agenda_item_id: row for row in rows}


def lines_of(session: Session, decisions: Sequence[DecisionRow]) -> dict[UUID, Lines]:
    """Return all that decisions record, by the decision's id, as titled lines without a name of the family."""
    ids = [row.id for row in decisions]
    children, dissent = children_of(session, ids), dissent_of(session, ids)
    names, ratified = _names(session, decisions, children, dissent), _ratified(session, ids)
    return {
        row.id: decision_in_lines(row.outcome, row.details, names)
        + children_in_lines(map(_of_child, children.get(row.id, [])), row.details.get("level"), names)
        + dissent_in_lines([(str(one.person_id), str(one.agency_id or "")) for one in dissent.get(row.id, [])], names)
        + ([("Agreed outside the meeting", row.agreed_outside)] if row.agreed_outside else [])
        + _urgency(row, ratified.get(row.id))
        for row in decisions
    }


def _urgency(row: DecisionRow, ratified_at: datetime | None) -> Lines:
    if row.urgent_because is None:
        return []
    ratified = day_in_words(london_date(ratified_at)) if ratified_at else "Not yet"
    return [
        ("Decided between meetings because", row.urgent_because),
        ("Consulted", row.consulted or ""),
        ("Ratified on", ratified),
    ]


def _ratified(session: Session, decision_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    rows = session.scalars(
        sa.select(RatificationRow).where(
            RatificationRow.decision_id.in_(decision_ids), RatificationRow.ratified_at.is_not(None)
        )
    )
    return {row.decision_id: row.ratified_at for row in rows if row.ratified_at}


def _of_child(row: DecisionChildRow) -> tuple[int, ChildDecision]:
    return row.position, ChildDecision(
        child_ref=row.child_ref,
        outcome=row.outcome or "",
        service_id=row.service_id,
        level_number=row.level_number,
        note=row.note,
    )


def _names(
    session: Session,
    decisions: Sequence[DecisionRow],
    children: dict[UUID, list[DecisionChildRow]],
    dissent: dict[UUID, list[DissentRow]],
) -> Names:
    said = [row.details for row in decisions]
    services = {UUID(one[name]) for one in said for name in ("service_id", "previous_service_id") if one.get(name)}
    services |= {child.service_id for rows in children.values() for child in rows if child.service_id}
    people = {row.person_id for rows in dissent.values() for row in rows}
    people |= {UUID(one["taken_by"]) for one in said if one.get("taken_by")}
    agencies = {row.agency_id for rows in dissent.values() for row in rows if row.agency_id}
    return Names(
        services={str(key): name for key, name in service_names(session, list(services)).items()},
        people={str(key): name for key, name in reads.people_of(session, people).items()},
        agencies={str(key): reads.agency_name(session, key) for key in agencies},
    )
