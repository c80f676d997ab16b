"""Takes a page of an Open Referral UK feed into the directory; taking it twice changes nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.directory.actions.agencies import announce_agency, announce_service
from services.directory.queries.agencies import agencies_by_id, services_by_id
from services.directory.rules.feed import OPEN, FeedAgency, FeedService, read_service, stays_open
from services.directory.tables import AgencyRow, ServiceRow
from shared.audit import record
from shared.errors import Invalid

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass
class Taken:
    """What an import did: how many agencies and services were new, changed or the same, and what could not be taken.

    `problems` holds nested errors by the place of the service in the page.
    """

    agencies: Counter[str] = field(default_factory=Counter)
    services: Counter[str] = field(default_factory=Counter)
    problems: dict[int, Any] = field(default_factory=dict)


def import_feed(session: Session, records: Sequence[Any], *, known_needs: Mapping[str, str], by: UUID) -> Taken:
    """Take every service of the page that can be read, with its agency, and announce only what changed."""
    session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended('import', 4))"))
    taken = Taken()
    services = _readable(records, known_needs, taken)
    agencies: dict[UUID, FeedAgency] = {}
    for service in services.values():
        agencies.setdefault(service.agency.id, service.agency)
    known_agencies = agencies_by_id(session, list(agencies))
    for agency in agencies.values():
        taken.agencies[_take_agency(session, agency, known_agencies.get(agency.id))] += 1
    known_services = services_by_id(session, list(services))
    for service in services.values():
        taken.services[_take_service(session, service, known_services.get(service.id))] += 1
    record(
        session,
        who=by,
        did="imported",
        subject="feed",
        subject_id="services",
        agencies=dict(taken.agencies),
        services=dict(taken.services),
        not_taken=len(taken.problems),
    )
    return taken


def _readable(records: Sequence[Any], known_needs: Mapping[str, str], taken: Taken) -> dict[UUID, FeedService]:
    services: dict[UUID, FeedService] = {}
    for place, item in enumerate(records):
        try:
            service = read_service(item, known_needs)
        except Invalid as problem:
            taken.problems[place] = problem.errors
            continue
        if service.id in services:
            taken.problems[place] = {"id": ["This service is in the page twice; the first was taken"]}
            continue
        services[service.id] = service
    return services


def _take_agency(session: Session, agency: FeedAgency, row: AgencyRow | None) -> str:
    if row is not None and row.source == agency.source:
        return SAME
    outcome = NEW if row is None else CHANGED
    if row is None:
        row = AgencyRow(id=agency.id, version=0)
        session.add(row)
    row.name, row.description, row.email = agency.name, agency.description, agency.email
    row.phone, row.url, row.source = agency.phone, agency.url, agency.source
    row.version += 1
    session.flush()
    announce_agency(session, row)
    return outcome


def _take_service(session: Session, service: FeedService, row: ServiceRow | None) -> str:
    if row is not None and row.source == service.source and row.needs == list(service.needs):
        return SAME
    outcome = NEW if row is None else CHANGED
    if row is None:
        row = ServiceRow(id=service.id, is_open=service.status == OPEN)
        session.add(row)
    else:
        before = row.source.get("status", OPEN)
        row.is_open = stays_open(is_open=row.is_open, status_before=before, status_now=service.status)
    row.agency_id, row.name, row.description = service.agency.id, service.name, service.description
    row.needs, row.eligibility, row.checked_on = list(service.needs), service.eligibility, service.checked_on
    row.minimum_age, row.maximum_age = service.minimum_age, service.maximum_age
    row.email, row.phone, row.source = service.email, service.phone, service.source
    session.flush()
    announce_service(session, row)
    return outcome
