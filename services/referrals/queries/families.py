"""The register: families we may know already, and their open plans."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, selectinload

from services.referrals.rules.matching import ChildMarks, reasons_to_match
from services.referrals.tables import ChildRow, FamilyRow, KnownAgencyRow, KnownPersonRow, OpenPlanRow, RequestRow

MOST_MATCHES = 20


@dataclass(frozen=True)
class Plan:
    """An open plan, the agency that leads it and who does; a name is empty until the directory has told it."""

    plan_id: UUID
    request_id: UUID
    practitioner: str
    agency: str
    phone: str


@dataclass(frozen=True)
class Match:
    """A family that may be the same, with its requests and the reasons to think so."""

    family_id: UUID
    requests: tuple[RequestRow, ...]
    reasons: tuple[str, ...]
    plans: tuple[Plan, ...]


def marks_of(children: Iterable[ChildRow]) -> list[ChildMarks]:
    """Return by what these children are recognised."""
    return [
        ChildMarks(
            name=child.given_name,
            folded_names=frozenset(child.folded_names),
            date_of_birth=child.date_of_birth,
            nhs_number=child.nhs_number,
            upn=child.upn,
        )
        for child in children
    ]


def matches(session: Session, request: RequestRow) -> list[Match]:
    """Return other families that share a child's number, or name and date of birth, with this request."""
    found = _requests_that_share_a_child(session, request)
    families = list(dict.fromkeys(row.family_id for row in found))
    new = marks_of(request.children)
    result = []
    for family_id in families:
        requests = tuple(row for row in found if row.family_id == family_id)
        reasons = reasons_to_match(new, marks_of(child for row in requests for child in row.children))
        result.append(Match(family_id, requests, tuple(reasons), tuple(open_plans(session, [family_id]))))
    return sorted(result, key=lambda match: not match.plans)


def other_requests(session: Session, request: RequestRow) -> Sequence[RequestRow]:
    """Return the other requests of the same family, newest first, 20 at most."""
    return session.scalars(
        sa.select(RequestRow)
        .where(RequestRow.family_id == request.family_id, RequestRow.id != request.id)
        .order_by(RequestRow.received_at.desc())
        .limit(MOST_MATCHES)
    ).all()


def open_plans(session: Session, family_ids: Sequence[UUID]) -> list[Plan]:
    """Return the plans of these families that are not closed."""
    rows = session.execute(
        sa.select(OpenPlanRow, KnownPersonRow, KnownAgencyRow.name)
        .outerjoin(KnownPersonRow, KnownPersonRow.person_id == OpenPlanRow.practitioner_id)
        .outerjoin(KnownAgencyRow, KnownAgencyRow.agency_id == OpenPlanRow.agency_id)
        .where(OpenPlanRow.family_id.in_(family_ids), OpenPlanRow.closed_at.is_(None))
        .order_by(OpenPlanRow.opened_at)
    )
    return [
        Plan(
            plan.plan_id,
            plan.request_id,
            person.name if person else "",
            agency or (person.agency_name if person else ""),
            person.phone if person else "",
        )
        for plan, person, agency in rows
    ]


def lock_families(session: Session, family_ids: Iterable[UUID]) -> None:
    """Hold these families, in one order for everybody, until the transaction ends."""
    session.execute(
        sa.select(FamilyRow.id).where(FamilyRow.id.in_(family_ids)).order_by(FamilyRow.id).with_for_update()
    )


def _requests_that_share_a_child(session: Session, request: RequestRow) -> Sequence[RequestRow]:
    numbers = [child.nhs_number for child in request.children if child.nhs_number]
    pupils = [child.upn for child in request.children if child.upn]
    same_name = [
        sa.and_(
            ChildRow.date_of_birth == child.date_of_birth,
            ChildRow.folded_names.op("&&")(sa.cast(child.folded_names, ARRAY(sa.Text))),
        )
        for child in request.children
        if child.date_of_birth
    ]
    sharing = sa.select(ChildRow.request_id).where(
        sa.or_(ChildRow.nhs_number.in_(numbers), ChildRow.upn.in_(pupils), *same_name)
    )
    return session.scalars(
        sa.select(RequestRow)
        .where(RequestRow.id.in_(sharing), RequestRow.family_id != request.family_id)
        .options(selectinload(RequestRow.children))
        .order_by(RequestRow.received_at.desc())
        .limit(MOST_MATCHES)
    ).all()
