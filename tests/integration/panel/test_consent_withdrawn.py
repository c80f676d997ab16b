"""A family that does not agree any more: queue, agenda, offer and plan stop at once, and nothing on record is lost."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.panel.tables import AllocationRow, PaperRow, PlanRow, QueueEntryRow
from shared.events.panel import AllocationWithdrawn, PlanClosed
from shared.events.referrals import ConsentWithdrawn
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting
from tests.integration.panel.test_consent import Circulated, answers_anew, is_fetched, request_of


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def no_longer_agrees(sitting: Sitting, request_id: UUID) -> None:
    """Let the family withdraw; its owner announces first that an answer changed, then that everything stops."""
    answers_anew(sitting, request_id, is_given=False)
    sitting.running.hears(ConsentWithdrawn(request_id, uuid4(), "EH7K-3QWD"))


def waits(sitting: Sitting, request_id: UUID) -> list[str]:
    with sitting.running.database.read() as session:
        rows = session.scalars(sa.select(QueueEntryRow).where(QueueEntryRow.request_id == request_id))
        return [row.state for row in rows]


def test_it_leaves_queue_and_agenda(sitting: Sitting) -> None:
    there = Circulated(sitting)
    no_longer_agrees(sitting, there.request_id)
    is_fetched(sitting)
    assert waits(sitting, there.request_id) == ["left"]
    assert there.status(sitting.member) == 404
    sitting.decides(there.item_id, "allocate", 409)


def test_an_offer_is_taken_back_and_the_family_waits_nowhere(sitting: Sitting) -> None:
    allocation_id = sitting.offered()
    request_id = request_of(sitting, allocation_id)
    no_longer_agrees(sitting, request_id)
    is_fetched(sitting)
    [withdrawn] = sitting.running.announced(AllocationWithdrawn)
    assert (withdrawn.agency_id, withdrawn.because) == (sitting.agency_id, "consent_withdrawn")
    assert "placed" not in waits(sitting, request_id)
    page = sitting.running.browser(sitting.manager).get(f"/panel/allocations/{allocation_id}").text
    assert "They shout." not in page
    sitting.post(sitting.manager, f"/allocations/{allocation_id}/acceptance", {}, 422)


def test_a_plan_ends_its_agency_reads_nothing_more_and_the_record_stays(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    with sitting.running.database.read() as session:
        request_id = session.scalars(sa.select(AllocationRow.request_id)).one()
        papers = session.scalar(sa.select(sa.func.count()).select_from(PaperRow)) or 0
    no_longer_agrees(sitting, request_id)
    is_fetched(sitting)
    [closed] = sitting.running.announced(PlanClosed)
    assert (closed.reason, closed.practitioner_id) == ("consent_withdrawn", sitting.lead.person_id)
    assert closed.agency_id == sitting.agency_id
    page = sitting.running.browser(sitting.lead).get(f"/panel/plans/{plan_id}").text
    assert "They shout." not in page
    assert "the family does not agree any more" in page
    with sitting.running.database.read() as session:
        assert session.get_one(PlanRow, plan_id).closed_on is not None
        assert (session.scalar(sa.select(sa.func.count()).select_from(PaperRow)) or 0) >= papers
