"""Reads of agencies and the services they offer."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.directory.queries.words import containing
from services.directory.tables import AgencyRow, ServiceRow
from shared.errors import NotFound
from shared.paging import PageOf, page_of

_Row = TypeVar("_Row")
MOST_IN_A_CHOICE = 1000
MOST_ON_A_PAGE = 100


def agency(session: Session, agency_id: UUID) -> AgencyRow:
    """Return an agency; raises NotFound."""
    return _found(session.get(AgencyRow, agency_id), "agency")


def agency_for_change(session: Session, agency_id: UUID) -> AgencyRow:
    """Return an agency and lock the row; raises NotFound."""
    return _found(session.get(AgencyRow, agency_id, with_for_update=True, populate_existing=True), "agency")


def service(session: Session, service_id: UUID) -> ServiceRow:
    """Return a service; raises NotFound."""
    return _found(session.get(ServiceRow, service_id), "service")


def service_for_change(session: Session, service_id: UUID) -> ServiceRow:
    """Return a service and lock the row; raises NotFound."""
    lock = {"of": ServiceRow}
    return _found(session.get(ServiceRow, service_id, with_for_update=lock, populate_existing=True), "service")


def agencies(session: Session, *, text: str = "", number: int = 1, size: int = 25) -> PageOf[AgencyRow]:
    """Return agencies by name."""
    statement = sa.select(AgencyRow).order_by(AgencyRow.name, AgencyRow.id)
    if text:
        statement = statement.where(containing(AgencyRow.name + " " + AgencyRow.description, text))
    return page_of(session, statement, number=number, size=size)


def services(
    session: Session,
    *,
    text: str = "",
    need: str = "",
    agency_id: UUID | None = None,
    number: int = 1,
    size: int = 25,
) -> PageOf[ServiceRow]:
    """Return services of active agencies by name."""
    statement = sa.select(ServiceRow).join(AgencyRow).where(AgencyRow.is_active)
    if text:
        said = ServiceRow.name + " " + ServiceRow.description + " " + AgencyRow.name
        statement = statement.where(containing(said, text))
    if need:
        statement = statement.where(ServiceRow.needs.contains([need]))
    if agency_id is not None:
        statement = statement.where(ServiceRow.agency_id == agency_id)
    return page_of(session, statement.order_by(ServiceRow.name, ServiceRow.id), number=number, size=size)


def public_service(session: Session, service_id: UUID) -> ServiceRow:
    """Return a service that everybody may read of; raises NotFound when its agency is no longer active."""
    row = service(session, service_id)
    return _found(row if row.agency.is_active else None, "service")


def services_of(session: Session, agency_id: UUID) -> Sequence[ServiceRow]:
    """Return what an agency offers by name, at most MOST_ON_A_PAGE."""
    statement = sa.select(ServiceRow).where(ServiceRow.agency_id == agency_id)
    return session.scalars(statement.order_by(ServiceRow.name, ServiceRow.id).limit(MOST_ON_A_PAGE)).all()


def agency_choices(session: Session, *, and_also: UUID | None = None) -> dict[str, str]:
    """Return the active agencies for a form, id to name; `and_also` is offered even when it is not active."""
    offered = sa.or_(AgencyRow.is_active, AgencyRow.id == and_also)
    statement = sa.select(AgencyRow.id, AgencyRow.name).where(offered).order_by(AgencyRow.name, AgencyRow.id)
    return {str(row.id): row.name for row in session.execute(statement.limit(MOST_IN_A_CHOICE))}


def agencies_by_id(session: Session, ids: Sequence[UUID]) -> dict[UUID, AgencyRow]:
    """Return those of these agencies that are known, with their rows locked."""
    statement = sa.select(AgencyRow).where(AgencyRow.id.in_(ids)).order_by(AgencyRow.id).with_for_update()
    return {row.id: row for row in session.scalars(statement)}


def services_by_id(session: Session, ids: Sequence[UUID]) -> dict[UUID, ServiceRow]:
    """Return those of these services that are known, with their rows locked."""
    statement = sa.select(ServiceRow).where(ServiceRow.id.in_(ids)).order_by(ServiceRow.id)
    return {row.id: row for row in session.scalars(statement.with_for_update(of=ServiceRow))}


def _found(row: _Row | None, what: str) -> _Row:
    if row is None:
        raise NotFound(f"There is no such {what}.")
    return row
