"""Reads about agencies that a family agreed to by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.referrals.tables import AgencyAgreementRow, KnownAgencyRow

_MOST = 50


@dataclass(frozen=True)
class Agreement:
    """That the family agreed to an agency; `agency` is empty while its name is not known."""

    row: AgencyAgreementRow
    agency: str


def agreements_of(session: Session, request_id: UUID) -> Sequence[Agreement]:
    """Return the agencies to which the family of a request agreed, oldest first."""
    found = session.execute(
        sa.select(AgencyAgreementRow, KnownAgencyRow.name)
        .outerjoin(KnownAgencyRow, KnownAgencyRow.agency_id == AgencyAgreementRow.agency_id)
        .where(AgencyAgreementRow.request_id == request_id)
        .order_by(AgencyAgreementRow.recorded_at, AgencyAgreementRow.allocation_id)
        .limit(_MOST)
    )
    return [Agreement(row, name or "") for row, name in found]
