"""Reads about whether a family is asked again when an agency joins."""

from sqlalchemy.orm import Session

from services.panel.queries.papers import agency_names, latest_paper
from services.panel.rules.agreement import needs_agreement, people_who_may_agree
from services.panel.tables import AllocationRow


def is_agreement_needed(session: Session, allocation: AllocationRow, new_agency: str) -> bool:
    """Say whether a family must agree to the agency of an allocation before it accepts, by the authority's rule."""
    paper = latest_paper(session, allocation.request_id)
    names = agency_names(session, {allocation.agency_id})
    return needs_agreement(paper.content if paper else None, names, new_agency)


def may_agree(session: Session, allocation: AllocationRow) -> dict[str, str]:
    """Return who of a family may agree to an agency, by ref with how they are called."""
    paper = latest_paper(session, allocation.request_id)
    return people_who_may_agree(paper.content if paper else None)
