"""What holds about a request's consent, from the rows that keep it."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.referrals.rules.consent import Consent, consent_now
from services.referrals.rules.consent_people import Someone
from services.referrals.rules.consent_verdict import Answer
from services.referrals.tables import ConsentRow, RequestRow
from shared.agencies import is_excluded
from shared.authority import ConsentRules


def consent_of(request: RequestRow, rules: ConsentRules, today: date) -> Consent:
    """Return what holds about a request's consent on a London date."""
    overrides = request.consent_overrides
    return consent_now(
        people_of(request),
        [_answer(row) for row in request.consents],
        rules,
        today=today,
        overridden=overrides[-1].what_for if overrides else (),
    )


def people_of(request: RequestRow) -> list[Someone]:
    """Return who of a request might answer about consent: its adults, then its children."""
    names = request.names
    adults = [
        Someone(row.ref, names[row.ref], is_child=False, holds_responsibility=row.parental_responsibility == "yes")
        for row in request.adults
    ]
    children = [
        Someone(row.ref, names[row.ref], is_child=True, is_born=row.expected_on is None, born_on=row.date_of_birth)
        for row in request.children
    ]
    return adults + children


def newest_answers(request: RequestRow) -> dict[tuple[str, str], ConsentRow]:
    """Return each person's newest answer to each question, by person's ref and kind."""
    return {(row.by_ref, row.kind): row for row in request.consents}


def says_no(request: RequestRow) -> bool:
    """Say whether somebody's newest answer refuses or takes back the request, or that it is shared."""
    return any(
        row.kind != "to_research" and row.answer in ("refused", "withdrawn") for row in newest_answers(request).values()
    )


def left_out_by(request: RequestRow) -> list[str]:
    """Return the agencies that anybody of the family leaves out now."""
    newest = {row.by_ref: row for row in request.consents if row.kind == "to_share"}
    return [name for row in newest.values() for name in row.not_with]


def leaves_out_referrer(request: RequestRow) -> bool:
    """Say whether the family leaves out the organisation that asked for help for it."""
    return is_excluded(request.referrer_organisation, left_out_by(request))


def left_out_of(session: Session, request_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Return the agencies that the families of these requests leave out now, by request; none where nobody is."""
    rows = session.execute(
        sa.select(ConsentRow.request_id, ConsentRow.by_ref, ConsentRow.not_with)
        .where(ConsentRow.request_id.in_(request_ids), ConsentRow.kind == "to_share")
        .order_by(ConsentRow.number)
    )
    newest = {(row.request_id, row.by_ref): row.not_with for row in rows}
    left_out: dict[UUID, list[str]] = defaultdict(list)
    for (request_id, _), names in newest.items():
        left_out[request_id] += names
    return left_out


def _answer(row: ConsentRow) -> Answer:
    return Answer(
        kind=row.kind,
        by=row.by_ref,
        answer=row.answer,
        how=row.how,
        is_competent=bool(row.judged_by),
        with_agencies=tuple(row.with_agencies),
        not_with=tuple(row.not_with),
    )
