"""Reads of people."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.directory.queries.words import containing
from services.directory.rules.passwords import GIVEN
from services.directory.tables import PersonRow
from shared.errors import NotFound
from shared.paging import PageOf, page_of

MOST_SAMPLE_PEOPLE = 200


def person(session: Session, person_id: UUID) -> PersonRow:
    """Return a person; raises NotFound."""
    return _found(session.get(PersonRow, person_id))


def person_for_change(session: Session, person_id: UUID) -> PersonRow:
    """Return a person and lock the row; raises NotFound."""
    return _found(session.get(PersonRow, person_id, with_for_update={"of": PersonRow}, populate_existing=True))


def person_with_email(session: Session, email: str) -> PersonRow | None:
    """Return the person with this e-mail address, whatever its case, or None."""
    return session.scalars(_with_email(email)).first()


def people(
    session: Session,
    *,
    text: str = "",
    email: str = "",
    role: str = "",
    agency_id: UUID | None = None,
    only_agency: UUID | None = None,
    number: int = 1,
    size: int = 25,
) -> PageOf[PersonRow]:
    """Return people by name; `only_agency` is what the asking person may see at all."""
    statement = sa.select(PersonRow).order_by(PersonRow.name, PersonRow.id)
    if text:
        statement = statement.where(
            containing(PersonRow.name + " " + PersonRow.email + " " + PersonRow.job_title, text)
        )
    if email:
        statement = statement.where(sa.func.lower(PersonRow.email) == sa.func.lower(email))
    if role:
        statement = statement.where(PersonRow.roles.contains([role]))
    for agency in (agency_id, only_agency):
        if agency is not None:
            statement = statement.where(PersonRow.agency_id == agency)
    return page_of(session, statement, number=number, size=size)


def active_administrators_for_change(session: Session) -> Sequence[PersonRow]:
    """Return every administrator who can sign in, with their rows locked."""
    statement = sa.select(PersonRow).where(PersonRow.is_active, PersonRow.roles.contains(["administrator"]))
    return session.scalars(statement.order_by(PersonRow.id).with_for_update(of=PersonRow)).all()


def sample_people(session: Session) -> Sequence[PersonRow]:
    """Return the people of a training system who were given its password, at most MOST_SAMPLE_PEOPLE."""
    has_it = sa.and_(PersonRow.is_active, PersonRow.password_hash.is_not(None), PersonRow.password_kind == GIVEN)
    statement = sa.select(PersonRow).where(has_it).order_by(PersonRow.name, PersonRow.id)
    return session.scalars(statement.limit(MOST_SAMPLE_PEOPLE)).all()


def managers_of(session: Session, agency_id: UUID) -> Sequence[PersonRow]:
    """Return the active managers of an agency, at most 50."""
    is_manager = sa.and_(PersonRow.is_active, PersonRow.roles.contains(["agency_manager"]))
    statement = sa.select(PersonRow).where(PersonRow.agency_id == agency_id, is_manager)
    return session.scalars(statement.order_by(PersonRow.name, PersonRow.id).limit(50)).all()


def _with_email(email: str) -> sa.Select[PersonRow]:
    return sa.select(PersonRow).where(sa.func.lower(PersonRow.email) == sa.func.lower(email))


def _found(row: PersonRow | None) -> PersonRow:
    if row is None:
        raise NotFound("There is no such person.")
    return row
