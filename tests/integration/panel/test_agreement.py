"""A family is asked again when an agency joins: an agency that it did not name accepts only once it agreed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.panel.tables import AllocationRow, FamilyAgreementRow
from shared.events.panel import FamilyAgreedToAgency
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting, a_paper
from tests.integration.panel.test_allocations import sent_to_service
from tests.integration.panel.test_consent import is_fetched

ON_PAGE = {
    "agreed_by": ["a1"],
    "agreed_how": "verbal",
    "agreed_on-day": "2",
    "agreed_on-month": "11",
    "agreed_on-year": "2026",
}


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def offered(sitting: Sitting, **consent: Any) -> UUID:
    """Offer a family to the agency, which its consent does not name; return the allocation's id."""
    request_id = sent_to_service(sitting)
    paper = a_paper("EH7K-3QWD")
    paper["consent"] |= {"named": []} | consent
    sitting.running.neighbours.answers[("referrals", f"/requests/{request_id}/paper")] = paper
    is_fetched(sitting)
    with sitting.running.database.read() as session:
        return session.scalars(sa.select(AllocationRow.id).where(AllocationRow.request_id == request_id)).one()


def accepting(sitting: Sitting, allocation_id: UUID, status: int, **agreement: Any) -> Any:
    body: dict[str, Any] = {"practitioner_id": str(sitting.lead.person_id)}
    if agreement:
        body["family_agreement"] = agreement
    return sitting.post(sitting.manager, f"/allocations/{allocation_id}/acceptance", body, status)


def test_an_agency_accepts_once_the_family_agreed_to_it_and_its_owner_hears_who(sitting: Sitting) -> None:
    allocation_id = offered(sitting)
    assert sitting.get(sitting.manager, f"/allocations/{allocation_id}")["needs_family_agreement"]
    assert "agreed_by" in str(accepting(sitting, allocation_id, 422)["errors"])
    accepting(sitting, allocation_id, 422, by=["a9"], how="verbal", on="2026-11-02")
    accepting(sitting, allocation_id, 422, by=["a1"], how="verbal", on="2027-11-02")
    accepting(sitting, allocation_id, 201, by=["a1"], how="verbal", on="2026-11-02")
    [fact] = sitting.running.announced(FamilyAgreedToAgency)
    assert (fact.by_refs, fact.how, fact.agency_id) == (("a1",), "verbal", sitting.agency_id)
    with sitting.running.database.read() as session:
        assert session.get_one(FamilyAgreementRow, allocation_id).recorded_by == sitting.manager.person_id


def test_the_page_asks_who_agreed(sitting: Sitting) -> None:
    allocation_id = offered(sitting)
    browser = sitting.running.browser(sitting.manager)
    path = f"/panel/allocations/{allocation_id}/acceptance"
    assert "Who of the family agreed?" in browser.get(path).text
    typed = {"practitioner_id": str(sitting.lead.person_id)}
    refused = browser.post(path, data=typed)
    assert refused.status_code == 422
    assert "Jo Price" in refused.text
    assert browser.post(path, data=typed | ON_PAGE).status_code == 302
    assert len(sitting.running.announced(FamilyAgreedToAgency)) == 1


@pytest.mark.parametrize("consent", [{"named": ["steps FORWARD"]}, {"overridden": ["service"]}])
def test_an_agency_that_the_family_named_or_that_safety_needs_accepts_at_once(
    sitting: Sitting, consent: dict[str, Any]
) -> None:
    accepting(sitting, offered(sitting, **consent), 201)
    assert sitting.running.announced(FamilyAgreedToAgency) == []


def test_part_of_a_name_is_not_an_agreement(sitting: Sitting) -> None:
    accepting(sitting, offered(sitting, named=["Steps"]), 422)
