"""Changes agencies, and opens and closes the services they offer."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from services.directory.queries import agencies as agency_queries
from services.directory.tables import AgencyRow, ServiceRow
from shared.audit import record
from shared.errors import Conflict, NotFound
from shared.events.directory import AgencyChanged, ServiceChanged
from shared.identity import Person
from shared.messaging.outbox import announce


class AgencyChangedMeanwhile(Conflict):
    """Somebody else saved this agency between the reading and the saving."""


@dataclass(frozen=True)
class AgencyDetails:
    """What an administrator says about an agency."""

    name: str
    description: str
    email: str
    phone: str
    url: str
    is_active: bool = True


def add_agency(session: Session, details: AgencyDetails, *, by: UUID) -> AgencyRow:
    """Add an agency that no feed names, such as a school that only refers."""
    agency = AgencyRow(**vars(details), source={})
    session.add(agency)
    session.flush()
    record(session, who=by, did="added", subject="agency", subject_id=agency.id)
    announce_agency(session, agency)
    return agency


def change_agency(session: Session, agency_id: UUID, details: AgencyDetails, *, by: UUID, version: int) -> AgencyRow:
    """Save what an administrator says of an agency; raises AgencyChangedMeanwhile, NotFound.

    It stands until the feed itself says something new of the agency.
    """
    agency = agency_queries.agency_for_change(session, agency_id)
    if agency.version != version:
        raise AgencyChangedMeanwhile("Somebody else changed this agency since you opened the page.")
    changed = [name for name, value in vars(details).items() if getattr(agency, name) != value]
    if not changed:
        return agency
    for name in changed:
        setattr(agency, name, getattr(details, name))
    agency.version += 1
    session.flush()
    record(session, who=by, did="changed", subject="agency", subject_id=agency_id, changed=changed)
    announce_agency(session, agency)
    return agency


def open_service(session: Session, service_id: UUID, *, by: Person) -> ServiceRow:
    """Let a service take new families; raises NotFound, also for a manager of another agency."""
    return _set_open(session, service_id, by, is_open=True)


def close_service(session: Session, service_id: UUID, *, by: Person) -> ServiceRow:
    """Let a service take no new families; raises NotFound, also for a manager of another agency."""
    return _set_open(session, service_id, by, is_open=False)


def announce_agency(session: Session, agency: AgencyRow) -> None:
    """Announce the agency as it is now."""
    announce(session, AgencyChanged(agency.id, agency.name, agency.is_active))


def announce_service(session: Session, service: ServiceRow) -> None:
    """Announce the service as it is now."""
    announce(
        session, ServiceChanged(service.id, service.agency_id, service.name, service.is_open, tuple(service.needs))
    )


def _set_open(session: Session, service_id: UUID, by: Person, *, is_open: bool) -> ServiceRow:
    service = agency_queries.service_for_change(session, service_id)
    if not by.has("administrator") and service.agency_id != by.agency_id:
        raise NotFound("There is no such service.")
    if service.is_open == is_open:
        return service
    service.is_open = is_open
    did = "opened" if is_open else "closed"
    record(session, who=by.person_id, did=did, subject="service", subject_id=service_id)
    announce_service(session, service)
    return service
