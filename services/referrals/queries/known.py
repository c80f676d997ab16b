"""What the directory announced: agencies and services, and the names of those who lead plans."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.referrals.rules.triage import ServiceOffer
from services.referrals.tables import KnownAgencyRow, KnownPersonRow, KnownServiceRow

_MOST_SERVICES = 2000


def service_offers(session: Session) -> dict[str, ServiceOffer]:
    """Return every service of an active agency by its id, in order of agency and name."""
    rows = session.execute(
        sa.select(KnownServiceRow, KnownAgencyRow)
        .join(KnownAgencyRow, KnownAgencyRow.agency_id == KnownServiceRow.agency_id)
        .where(KnownAgencyRow.is_active)
        .order_by(KnownAgencyRow.name, KnownServiceRow.name)
        .limit(_MOST_SERVICES)
    )
    return {
        str(service.service_id): ServiceOffer(
            service_id=str(service.service_id),
            agency_id=str(service.agency_id),
            name=service.name,
            agency_name=agency.name,
            is_open=service.is_open,
        )
        for service, agency in rows
    }


def person_to_ask_about(session: Session, now: datetime) -> UUID | None:
    """Return somebody whose name is still to be asked of the directory, or None."""
    return session.scalar(
        sa.select(KnownPersonRow.person_id)
        .where(KnownPersonRow.next_attempt_at <= now)
        .order_by(KnownPersonRow.next_attempt_at)
        .limit(1)
    )
