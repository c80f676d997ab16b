"""Copies of who's who, kept as the directory announces it."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.panel.actions.stand import note_for_all, note_for_person
from services.panel.tables import KnownAgencyRow, KnownPersonRow, KnownServiceRow
from shared.events.directory import AgencyChanged, PersonChanged, ServiceChanged


def keep_agency(session: Session, fact: AgencyChanged) -> None:
    """Keep an agency as it was announced; a new name may be one that a family excluded."""
    known_as = session.scalar(sa.select(KnownAgencyRow.name).where(KnownAgencyRow.agency_id == fact.agency_id))
    _keep(session, KnownAgencyRow, "agency_id", agency_id=fact.agency_id, name=fact.name, is_active=fact.is_active)
    if known_as != fact.name:
        note_for_all(session, "people")


def keep_service(session: Session, fact: ServiceChanged) -> None:
    """Keep a service as it was announced."""
    _keep(
        session,
        KnownServiceRow,
        "service_id",
        service_id=fact.service_id,
        agency_id=fact.agency_id,
        name=fact.name,
        is_open=fact.is_open,
        needs=list(fact.needs),
    )


def keep_person(session: Session, fact: PersonChanged) -> None:
    """Keep a person as they were announced; the name is asked of the directory afterwards."""
    was_of = session.scalar(sa.select(KnownPersonRow.agency_id).where(KnownPersonRow.person_id == fact.person_id))
    _keep(
        session,
        KnownPersonRow,
        "person_id",
        person_id=fact.person_id,
        agency_id=fact.agency_id,
        roles=list(fact.roles),
        is_active=fact.is_active,
        is_stale=True,
    )
    if was_of != fact.agency_id:
        note_for_person(session, fact.person_id, "people")


def expect_person(session: Session, person_id: UUID, agency_id: UUID | None) -> None:
    """Keep a person who was named before the directory's announcement came, unless they are known."""
    statement = insert(KnownPersonRow).values(
        person_id=person_id, agency_id=agency_id, roles=[], is_active=True, name="", job_title="", is_stale=True
    )
    session.execute(statement.on_conflict_do_nothing())


def keep_name(session: Session, person_id: UUID, *, name: str, job_title: str) -> None:
    """Keep a person's name and job title as the directory gave them."""
    person = session.get(KnownPersonRow, person_id, with_for_update=True)
    if person is not None:
        person.name, person.job_title, person.is_stale = name, job_title, False


def give_up_name(session: Session, person_id: UUID) -> None:
    """Stop asking for somebody whom the directory does not know; a later announcement asks again."""
    person = session.get(KnownPersonRow, person_id, with_for_update=True)
    if person is not None:
        person.is_stale = False


def _keep(session: Session, table: type[Any], key: str, **values: Any) -> None:
    changing = {name: value for name, value in values.items() if name != key}
    statement = insert(table).values(**values)
    session.execute(statement.on_conflict_do_update(index_elements=[key], set_=changing))
