"""Keep that a family agreed to one agency before it took the family on."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.referrals.actions.progress import add_step
from services.referrals.queries.requests import locked_request
from services.referrals.tables import AgencyAgreementRow
from shared.events.panel import FamilyAgreedToAgency


def keep_agreement(session: Session, fact: FamilyAgreedToAgency, now: datetime) -> None:
    """Keep who of the family agreed to an agency, for the history of its consent; raises NotFound."""
    request = locked_request(session, fact.request_id)
    agreed = insert(AgencyAgreementRow).values(
        allocation_id=fact.allocation_id,
        request_id=fact.request_id,
        agency_id=fact.agency_id,
        by_refs=list(fact.by_refs),
        how=fact.how,
        agreed_on=fact.agreed_on,
        recorded_by=fact.recorded_by,
        recorded_at=now,
    )
    session.execute(agreed.on_conflict_do_nothing())
    add_step(session, request, "agency_agreed_to", at=now, allocation_id=str(fact.allocation_id))
