"""Go on without consent for a child's safety: somebody who may says why, and it stands until it is superseded."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.referrals.actions.consent import announce_change, stop_without_consent
from services.referrals.actions.progress import add_step
from services.referrals.queries.requests import locked_request, whole_request
from services.referrals.rules.consent_choices import WHAT_FOR
from services.referrals.tables import ConsentOverrideRow
from shared.audit import record
from shared.authority import Authority
from shared.errors import Invalid
from shared.identity import Person


def override_consent(
    session: Session,
    request_id: UUID,
    what_for: Collection[str],
    rationale: str,
    *,
    by: Person,
    authority: Authority,
    now: datetime,
) -> ConsentOverrideRow:
    """Let a request go on without consent, for these outcomes of triage; none of them ends the override that stands.

    Whoever reads the request is warned, and the audit keeps who and what for. Raises Invalid, NotFound.
    """
    if not rationale:
        raise Invalid("Enter the reason.", {"rationale": "Enter the reason"})
    if unknown := sorted(set(what_for) - set(WHAT_FOR)):
        raise Invalid("Select what it is for.", {"what_for": f"There is no such way on: {', '.join(unknown)}"})
    locked_request(session, request_id)
    request = whole_request(session, request_id)
    if not what_for and not (request.consent_overrides and request.consent_overrides[-1].what_for):
        raise Invalid("Select what it is for.", {"what_for": "Select what it is for"})
    row = ConsentOverrideRow(
        what_for=[code for code in WHAT_FOR if code in what_for],
        rationale=rationale,
        decided_by=by.person_id,
        decided_by_name=by.name,
        decided_at=now,
    )
    request.consent_overrides.append(row)
    request.version += 1
    code = "consent_overridden" if row.what_for else "override_ended"
    add_step(session, request, code, at=now, by_name=by.name, what_for=row.what_for)
    did = "overrode_consent" if row.what_for else "ended_override"
    record(session, who=by.person_id, did=did, subject="request", subject_id=request_id, what_for=row.what_for)
    announce_change(session, request, "to_share")
    stop_without_consent(session, request, authority=authority, now=now)
    return row
