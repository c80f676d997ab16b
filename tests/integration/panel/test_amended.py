"""More was said about a request after it was sent: queue, agenda and papers show it, and who holds it is told."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.panel.jobs.papers import fetch_papers
from services.panel.tables import AllocationRow
from shared.events.panel import AmendmentPassedOn
from shared.events.referrals import RequestAmended, RequestWithdrawn
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting

LATER = {
    "on": "2026-11-02", "kind": "added", "kind_label": "Added", "by_label": "the family",
    "about_label": "What is happening", "reason_label": "", "was": "", "words": "She was excluded.",
}  # fmt: skip


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def amended(sitting: Sitting, request_id: UUID, kind: str = "added") -> RequestAmended:
    fact = RequestAmended(request_id, uuid4(), "EH7K-3QWD", uuid4(), kind, "family", None)
    paper = sitting.running.neighbours.answers[("referrals", f"/requests/{request_id}/paper")]
    paper["said_later"] = [LATER]
    sitting.running.hears(fact)
    while fetch_papers(sitting.running.resources):
        pass
    return fact


def page(sitting: Sitting, path: str) -> str:
    return str(sitting.running.browser(sitting.coordinator).get(f"/panel{path}").text)


def request_of(sitting: Sitting) -> UUID:
    with sitting.running.database.read() as session:
        return session.scalars(sa.select(AllocationRow.request_id)).one()


def test_queue_and_agenda_show_that_more_was_said(sitting: Sitting) -> None:
    request_id = sitting.asks()
    assert "More said" not in page(sitting, "/queue")
    amended(sitting, request_id)
    assert "More said" in page(sitting, "/queue")
    meeting_id = sitting.item(request_id).meeting_id
    assert "More said" in page(sitting, f"/meetings/{meeting_id}")
    assert sitting.running.announced(AmendmentPassedOn) == [], "nobody else has it yet"


def test_what_was_said_before_the_agenda_closed_is_in_the_paper(sitting: Sitting) -> None:
    request_id = sitting.asks()
    amended(sitting, request_id)
    meeting_id = sitting.next_meeting()
    text = page(sitting, f"/meetings/{meeting_id}/papers/{sitting.item(request_id).id}")
    assert "Added: What is happening on 2 November 2026, by the family" in text
    assert "She was excluded." in text
    assert "Said since the papers were sent" not in text


def test_what_was_said_after_the_papers_were_sent_stands_beside_the_paper(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting_id = sitting.next_meeting()
    amended(sitting, request_id)
    text = page(sitting, f"/meetings/{meeting_id}/papers/{sitting.item(request_id).id}")
    assert "Said since the papers were sent" in text
    assert "She was excluded." in text


def test_the_agency_to_which_the_family_is_offered_is_told(sitting: Sitting) -> None:
    allocation_id = sitting.offered()
    fact = amended(sitting, request_of(sitting))
    [passed_on] = sitting.running.announced(AmendmentPassedOn)
    assert (passed_on.agency_id, passed_on.allocation_id) == (sitting.agency_id, allocation_id)
    assert (passed_on.plan_id, passed_on.amendment_id) == (None, fact.amendment_id)
    text = sitting.running.browser(sitting.manager).get(f"/panel/allocations/{allocation_id}").text
    assert "She was excluded." in text


@pytest.mark.parametrize("kind", ["corrected", "wants_to_stop"])
def test_who_leads_the_plan_is_told_and_the_plan_goes_on(sitting: Sitting, kind: str) -> None:
    plan_id = sitting.planned()
    amended(sitting, request_of(sitting), kind)
    [passed_on] = sitting.running.announced(AmendmentPassedOn)
    assert (passed_on.plan_id, passed_on.practitioner_id, passed_on.kind) == (plan_id, sitting.lead.person_id, kind)
    text = sitting.running.browser(sitting.lead).get(f"/panel/plans/{plan_id}").text
    assert "She was excluded." in text


def test_the_same_message_twice_is_shown_once(sitting: Sitting) -> None:
    request_id = sitting.asks()
    fact = amended(sitting, request_id)
    sitting.running.hears(fact)
    assert page(sitting, "/queue").count("More said") == 1


def test_a_request_withdrawn_by_who_sent_it_leaves_the_agenda_with_the_reason(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting_id = sitting.next_meeting()
    sitting.running.hears(RequestWithdrawn(request_id, uuid4(), "EH7K-3QWD", "family", None))
    assert "The request was withdrawn." in page(sitting, f"/meetings/{meeting_id}")
