"""What we know from the directory: agencies and services, and what it is still to be asked."""

from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.referrals.rules.triage import ServiceOffer
from services.referrals.tables import AskedRow, KnownAgencyRow, KnownServiceRow

_MOST_SERVICES = 2000

Row = TypeVar("Row", bound=AskedRow)


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
            phone=service.phone,
            web=service.web,
            opens=service.opens,
            checked_on=service.checked_on,
        )
        for service, agency in rows
    }


def next_to_ask_about(session: Session, table: type[Row], now: datetime) -> Row | None:
    """Return what the directory is to be asked about next, or None."""
    due = sa.select(table).where(table.next_attempt_at <= now)
    return session.scalar(due.order_by(table.next_attempt_at).limit(1))
