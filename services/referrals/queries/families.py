"""The register: families we may know already, and their open plans."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from services.referrals.queries.register import marks_of_request, people_with
from services.referrals.rules.register.fingerprints import Marks, asked_fingerprints
from services.referrals.rules.register.likeness import WORTH_OFFERING, likeness
from services.referrals.tables import (
    FamiliesToldApartRow,
    FamilyMergeRow,
    FamilyRow,
    KnownAgencyRow,
    KnownPersonRow,
    OpenPlanRow,
    RequestRow,
)

MOST_MATCHES = 20
One = TypeVar("One")


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


def matches(session: Session, request: RequestRow) -> list[Match]:
    """Return other families that may be the one of this request, the likeliest first; those told apart from it left out."""
    asked = [(request.names[ref], marks) for ref, marks in marks_of_request(request).items()]
    known_as = known_as_of(session, request.family_id)
    return families_like(session, asked, except_family=known_as, apart=told_apart_from(session, known_as))


def families_like(
    session: Session,
    asked: Sequence[tuple[str, Marks]],
    *,
    except_family: UUID | None = None,
    apart: Collection[UUID] = (),
) -> list[Match]:
    """Return families that may be that of some people, each given as they are called, the likeliest first."""
    looked_for = {one for _, marks in asked for one in asked_fingerprints(marks)}
    people = people_with(session, looked_for, except_family=except_family)
    found: dict[UUID, list[tuple[int, str]]] = defaultdict(list)
    for name, marks in asked:
        for person in people:
            like = likeness(marks, person.marks)
            if like.weight >= WORTH_OFFERING and person.family_id not in apart:
                found[person.family_id] += [(like.weight, f"{name}: {words}") for words in like.reasons]
    return _in_order(session, found)


def _in_order(session: Session, found: Mapping[UUID, list[tuple[int, str]]]) -> list[Match]:
    likeliest = sorted(found, key=lambda family_id: -max(weight for weight, _ in found[family_id]))[:MOST_MATCHES]
    requests = requests_of_groups(session, likeliest)
    plans = plans_of_groups(session, likeliest)
    return [
        Match(
            family_id,
            tuple(requests.get(family_id, ())),
            tuple(dict.fromkeys(words for _, words in sorted(found[family_id], key=lambda one: -one[0]))),
            tuple(plans.get(family_id, ())),
        )
        for family_id in likeliest
    ]


def known_as_of(session: Session, family_id: UUID) -> UUID:
    """Return the family under which a family's group is known."""
    return session.scalars(sa.select(FamilyRow.known_as).where(FamilyRow.id == family_id)).one()


def group_of(session: Session, family_ids: Iterable[UUID]) -> list[UUID]:
    """Return the families that are one with any of these, themselves included."""
    known_as = sa.select(FamilyRow.known_as).where(FamilyRow.id.in_(family_ids))
    members = sa.select(FamilyRow.id).where(FamilyRow.known_as.in_(known_as)).order_by(FamilyRow.id)
    return list(session.scalars(members))


def told_apart_from(session: Session, known_as: UUID) -> set[UUID]:
    """Return the groups from which a person told this group apart, each by the family under which it is known."""
    one, other = aliased(FamilyRow), aliased(FamilyRow)
    pairs = session.execute(
        sa.select(one.known_as, other.known_as)
        .select_from(FamiliesToldApartRow)
        .join(one, one.id == FamiliesToldApartRow.one_id)
        .join(other, other.id == FamiliesToldApartRow.other_id)
        .where(sa.or_(one.known_as == known_as, other.known_as == known_as))
    )
    return {family_id for pair in pairs for family_id in pair} - {known_as}


def standing_mergers(session: Session, family_ids: Sequence[UUID]) -> Sequence[FamilyMergeRow]:
    """Return the mergers among these families that nobody has undone, in the order in which they were made."""
    return session.scalars(
        sa.select(FamilyMergeRow)
        .where(FamilyMergeRow.from_family_id.in_(family_ids), FamilyMergeRow.undone_at.is_(None))
        .order_by(FamilyMergeRow.number)
    ).all()


def merger_of_request(session: Session, request: RequestRow) -> FamilyMergeRow | None:
    """Return the last merger that stands between the request's own family and another, None when there is none."""
    mergers = standing_mergers(session, group_of(session, [request.family_id]))
    own = [one for one in mergers if request.family_id in (one.from_family_id, one.into_family_id)]
    return own[-1] if own else None


def requests_of_groups(session: Session, known_as: Collection[UUID]) -> dict[UUID, list[RequestRow]]:
    """Return the requests of some groups, newest first, 20 of each at most."""
    newest = sa.func.row_number().over(partition_by=FamilyRow.known_as, order_by=RequestRow.received_at.desc())
    numbered = (
        sa.select(RequestRow.id, FamilyRow.known_as, newest.label("place"))
        .join(FamilyRow, FamilyRow.id == RequestRow.family_id)
        .where(FamilyRow.known_as.in_(known_as))
        .subquery()
    )
    rows = session.execute(
        sa.select(RequestRow, numbered.c.known_as)
        .join(numbered, numbered.c.id == RequestRow.id)
        .where(numbered.c.place <= MOST_MATCHES)
        .order_by(numbered.c.place)
    )
    return _by_group((group, request) for request, group in rows)


def other_requests(session: Session, request: RequestRow) -> Sequence[RequestRow]:
    """Return the other requests of the same family, newest first, 20 at most."""
    return session.scalars(
        sa.select(RequestRow)
        .where(RequestRow.family_id.in_(group_of(session, [request.family_id])), RequestRow.id != request.id)
        .order_by(RequestRow.received_at.desc())
        .limit(MOST_MATCHES)
    ).all()


def open_plans(session: Session, family_ids: Iterable[UUID]) -> list[Plan]:
    """Return the plans of these families, and of those that are one with them, that are not closed."""
    known_as = session.scalars(sa.select(FamilyRow.known_as).where(FamilyRow.id.in_(family_ids))).all()
    return [plan for plans in plans_of_groups(session, known_as).values() for plan in plans]


def plans_of_groups(session: Session, known_as: Collection[UUID]) -> dict[UUID, list[Plan]]:
    """Return the open plans of some groups, the first opened first."""
    rows = session.execute(
        sa.select(OpenPlanRow, KnownPersonRow, KnownAgencyRow.name, FamilyRow.known_as)
        .join(FamilyRow, FamilyRow.id == OpenPlanRow.family_id)
        .outerjoin(KnownPersonRow, KnownPersonRow.person_id == OpenPlanRow.practitioner_id)
        .outerjoin(KnownAgencyRow, KnownAgencyRow.agency_id == OpenPlanRow.agency_id)
        .where(FamilyRow.known_as.in_(known_as), OpenPlanRow.closed_at.is_(None))
        .order_by(OpenPlanRow.opened_at)
    )
    return _by_group((group, _plan(plan, person, agency)) for plan, person, agency, group in rows)


def _plan(plan: OpenPlanRow, person: KnownPersonRow | None, agency: str | None) -> Plan:
    return Plan(
        plan.plan_id,
        plan.request_id,
        person.name if person else "",
        agency or (person.agency_name if person else ""),
        person.phone if person else "",
    )


def _by_group(pairs: Iterable[tuple[UUID, One]]) -> dict[UUID, list[One]]:
    groups: dict[UUID, list[One]] = defaultdict(list)
    for group, one in pairs:
        groups[group].append(one)
    return groups


def lock_families(session: Session, family_ids: Iterable[UUID]) -> None:
    """Hold these families, in one order for everybody, until the transaction ends."""
    session.execute(
        sa.select(FamilyRow.id).where(FamilyRow.id.in_(family_ids)).order_by(FamilyRow.id).with_for_update()
    )
