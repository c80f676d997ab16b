"""Keep what a family said about an agency before it takes the family on, and announce it to its owner."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.panel.queries.agreement import is_agreement_needed
from services.panel.queries.papers import latest_paper
from services.panel.rules.agreement import Agreement, check_agreement
from services.panel.tables import AllocationRow, FamilyAgreementRow
from shared.audit import record
from shared.events.panel import FamilyAgreedToAgency
from shared.identity import Person
from shared.london import london_date
from shared.messaging.outbox import announce


def keep_agreement(
    session: Session,
    allocation: AllocationRow,
    agreement: Agreement | None,
    *,
    new_agency: str,
    by: Person,
    now: datetime,
) -> None:
    """Keep and announce who of the family agreed to an agency; raises Invalid, PaperAwaited where nobody did who must."""
    is_needed = is_agreement_needed(session, allocation, new_agency)
    paper = latest_paper(session, allocation.request_id)
    check_agreement(agreement, paper.content if paper else None, is_needed=is_needed, today=london_date(now))
    if agreement is None or not is_needed:
        return
    session.add(
        FamilyAgreementRow(
            allocation_id=allocation.id,
            by_refs=list(agreement.by),
            how=agreement.how,
            agreed_on=agreement.on,
            recorded_by=by.person_id,
            recorded_at=now,
        )
    )
    announce(
        session,
        FamilyAgreedToAgency(
            allocation_id=allocation.id,
            request_id=allocation.request_id,
            family_id=allocation.family_id,
            reference=allocation.reference,
            agency_id=allocation.agency_id,
            by_refs=agreement.by,
            how=agreement.how,
            agreed_on=agreement.on,
            recorded_by=by.person_id,
        ),
    )
    record(session, who=by.person_id, did="recorded_agreement", subject="request", subject_id=allocation.request_id)
