"""The register: people of all requests, found by their fingerprints."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from services.referrals.rules.register.fingerprints import Home, Marks, home_of
from services.referrals.tables import AddressRow, AdultRow, ChildRow, FamilyRow, RequestRow

MOST_PEOPLE = 400
"""More than that are not looked at: what was asked is too wide, and the answer says so."""

_SHARED = ("id", "request_id", "ref", "given_name", "family_name", "also_known_as", "date_of_birth", "lives_at")


@dataclass(frozen=True)
class KnownPerson:
    """Somebody of a request. `family_id` is that under which the family's group is known."""

    family_id: UUID
    request_id: UUID
    reference: str
    kind: str
    marks: Marks


def people_with(
    session: Session, fingerprints: Collection[int], *, except_family: UUID | None = None
) -> list[KnownPerson]:
    """Return people who share any of these fingerprints, `MOST_PEOPLE` and one at most."""
    if not fingerprints:
        return []
    rows = session.execute(_FOUND, {"asked": sorted(fingerprints), "except_family": except_family}).all()
    homes = _homes(session, {row.request_id for row in rows})
    return [
        KnownPerson(row.family_id, row.request_id, row.reference, row.kind, _marks(row, homes[row.request_id]))
        for row in rows
    ]


def marks_of_request(request: RequestRow) -> dict[str, Marks]:
    """Return by what each person of a request is recognised, by ref."""
    homes = {home.ref: home_of(home.lines, home.postcode, home.to_on) for home in request.addresses}
    return {person.ref: _marks(person, homes) for person in request.people}


def _found_in(table: type[ChildRow] | type[AdultRow], kind: str, *of_children: sa.ColumnElement[Any]) -> sa.CTE:
    columns = [table.__table__.c[name] for name in _SHARED]
    asked = sa.bindparam("asked", type_=ARRAY(sa.BigInteger))
    people = sa.select(*columns, *of_children, sa.literal(kind).label("kind")).where(table.fingerprints.overlap(asked))
    # Materialized: with a limit in sight the planner would rather read the whole table than the index.
    return people.cte(f"found_{kind}").prefix_with("MATERIALIZED")


def _found() -> sa.Select[Any]:
    children = _found_in(
        ChildRow, "child", *(ChildRow.__table__.c[name] for name in ("expected_on", "nhs_number", "upn"))
    )
    nothing = sa.literal("")
    adults = _found_in(
        AdultRow,
        "adult",
        sa.cast(sa.null(), sa.Date).label("expected_on"),
        nothing.label("nhs_number"),
        nothing.label("upn"),
    )
    both = sa.union_all(sa.select(children), sa.select(adults)).subquery()
    except_family = sa.bindparam("except_family", type_=sa.Uuid)
    return (
        sa.select(both, FamilyRow.known_as.label("family_id"), RequestRow.reference)
        .join(RequestRow, RequestRow.id == both.c.request_id)
        .join(FamilyRow, FamilyRow.id == RequestRow.family_id)
        .where(sa.or_(except_family.is_(None), FamilyRow.known_as != except_family))
        .limit(MOST_PEOPLE + 1)
    )


_FOUND = _found()


def _homes(session: Session, request_ids: Iterable[UUID]) -> Mapping[UUID, Mapping[str, Home]]:
    ids = list(request_ids)
    homes: dict[UUID, dict[str, Home]] = {request_id: {} for request_id in ids}
    rows = session.execute(
        sa.select(AddressRow.request_id, AddressRow.ref, AddressRow.lines, AddressRow.postcode, AddressRow.to_on).where(
            AddressRow.request_id.in_(ids)
        )
    )
    for request_id, ref, lines, postcode, to_on in rows:
        homes[request_id][ref] = home_of(lines, postcode, to_on)
    return homes


def _marks(row: Any, homes: Mapping[str, Home]) -> Marks:
    return Marks(
        given_name=row.given_name,
        family_name=row.family_name,
        also_known_as=tuple(row.also_known_as),
        date_of_birth=row.date_of_birth,
        expected_on=getattr(row, "expected_on", None),
        nhs_number=getattr(row, "nhs_number", ""),
        upn=getattr(row, "upn", ""),
        homes=_homes_of(row.lives_at, homes),
    )


def _homes_of(lives_at: Sequence[str], homes: Mapping[str, Home]) -> tuple[Home, ...]:
    return tuple(homes[ref] for ref in lives_at if ref in homes)
