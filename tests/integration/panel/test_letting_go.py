"""The front door lets go of a request while others work on it: it never stays open anywhere."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.actions import allocations, decisions
from services.panel.rules.allocations import panel_choices
from services.panel.rules.new_decision import NewDecision
from services.panel.tables import AllocationRow, PlanRow, QueueEntryRow
from shared.events.panel import AllocationAccepted, AllocationWithdrawn, PlanClosed
from shared.events.referrals import (
    MoreInformationAsked,
    RequestReadyForPanel,
    RequestSentToService,
    RequestSignposted,
    RequestTakenBack,
    RequestWithdrawn,
    SafeguardingRaised,
)
from shared.references import new_reference
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def about(request_id: UUID) -> tuple[UUID, UUID, str]:
    return request_id, uuid4(), new_reference()


def sent_on(request_id: UUID, **more: Any) -> dict[str, Any]:
    return more | {
        "request_id": request_id,
        "family_id": uuid4(),
        "reference": new_reference(),
        "kind": "request",
        "urgency": "routine",
        "received_on": date(2026, 10, 30),
        "children": 2,
        "level_scheme": "bathnes",
        "level_version": "2024",
        "level_number": 3,
    }


def the_plan(sitting: Sitting) -> PlanRow:
    with sitting.running.database.read() as session:
        return session.scalars(sa.select(PlanRow)).one()


def allocation(sitting: Sitting, allocation_id: UUID) -> AllocationRow:
    with sitting.running.database.read() as session:
        return session.get_one(AllocationRow, allocation_id)


def stands_nowhere(sitting: Sitting, request_id: UUID) -> bool:
    with sitting.running.database.read() as session:
        queued = sa.select(QueueEntryRow.id).where(QueueEntryRow.state.in_(("waiting", "placed")))
        offered = sa.select(AllocationRow.id).where(AllocationRow.state == "offered")
        planned = sa.select(PlanRow.id).where(PlanRow.closed_on.is_(None))
        return not any(
            session.scalars(statement.where(table.request_id == request_id)).all()
            for statement, table in ((queued, QueueEntryRow), (offered, AllocationRow), (planned, PlanRow))
        )


@contextmanager
def beside(sitting: Sitting, act: Callable[..., Any], *given: Any) -> Iterator[Session]:
    """Give a transaction; before it is committed `act` starts, and is seen to wait for it."""
    with ThreadPoolExecutor(1) as pool:
        with sitting.running.database.begin() as session:
            yield session
            session.flush()
            waiting = pool.submit(act, *given)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
        waiting.result(timeout=10)


def accepts(sitting: Sitting, session: Session, allocation_id: UUID) -> None:
    allocations.accept_allocation(
        session,
        allocation_id,
        practitioner_id=sitting.lead.person_id,
        by=sitting.manager,
        reviews=sitting.running.resources.authority.reviews,
        now=sitting.running.clock.at,
    )


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (RequestWithdrawn, "withdrawn"),
        (SafeguardingRaised, "safeguarding"),
        (RequestTakenBack, "taken_back"),
        (RequestSignposted, "taken_back"),
        (lambda *ids: MoreInformationAsked(ids[0], ids[1], ids[2], date(2026, 12, 1)), "taken_back"),
        (lambda request_id, *_: RequestReadyForPanel(**sent_on(request_id, panel_key="ehap")), "taken_back"),
        (
            lambda request_id, *_: RequestSentToService(**sent_on(request_id, agency_id=uuid4(), service_id=uuid4())),
            "taken_back",
        ),
    ],
)
def test_the_plan_that_an_agency_opened_a_moment_before_ends(
    sitting: Sitting, fact: Callable[..., Any], reason: str
) -> None:
    sitting.planned()
    plan = the_plan(sitting)
    sitting.running.hears(fact(*about(plan.request_id)))
    [closed] = sitting.running.announced(PlanClosed)
    assert (closed.plan_id, closed.reason, closed.practitioner_id) == (plan.id, reason, sitting.lead.person_id)
    assert the_plan(sitting).closed_because == reason


@pytest.mark.parametrize("reason", ["withdrawn", "safeguarding", "taken_back"])
def test_the_page_says_in_words_why_the_plan_ended(sitting: Sitting, reason: str) -> None:
    plan_id = sitting.planned()
    kind = {"withdrawn": RequestWithdrawn, "safeguarding": SafeguardingRaised, "taken_back": RequestTakenBack}[reason]
    sitting.running.hears(kind(*about(the_plan(sitting).request_id)))
    browser = sitting.running.browser(sitting.lead)
    words = {
        "withdrawn": "the request was withdrawn",
        "safeguarding": "the front door has sent the request to social care",
        "taken_back": "the front door decides about the request again",
    }[reason]
    for path in (f"/panel/plans/{plan_id}", "/panel/plans?state=ended"):
        assert words in browser.get(path).text
    assert sitting.get(sitting.lead, f"/plans/{plan_id}")["closed_because"] == reason


@pytest.mark.parametrize(
    ("fact", "because"),
    [
        (RequestWithdrawn, "withdrawn"),
        (SafeguardingRaised, "safeguarding"),
        (lambda request_id, *_: RequestReadyForPanel(**sent_on(request_id, panel_key="ehap")), "ready_for_panel"),
    ],
)
def test_it_is_told_that_an_offer_was_taken_back_and_why(
    sitting: Sitting, fact: Callable[..., Any], because: str
) -> None:
    allocation_id = sitting.offered()
    sitting.running.hears(fact(*about(allocation(sitting, allocation_id).request_id)))
    [withdrawn] = sitting.running.announced(AllocationWithdrawn)
    assert (withdrawn.allocation_id, withdrawn.because) == (allocation_id, because)


def test_a_plan_that_its_lead_practitioner_ended_stays_as_it_ended(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    review = {
        "held_on": sitting.running.clock.at.date().isoformat(),
        "progress": "better",
        "outcome": "step_down",
        "note": "All is well.",
    }
    sitting.post(sitting.lead, f"/plans/{plan_id}/reviews", review)
    plan = the_plan(sitting)
    sitting.running.hears(RequestReadyForPanel(**sent_on(plan.request_id, panel_key="ehap")))
    sitting.running.hears(RequestTakenBack(*about(plan.request_id)))
    sitting.running.hears(
        RequestSentToService(**sent_on(plan.request_id, agency_id=sitting.agency_id, service_id=sitting.service_id))
    )
    [closed] = sitting.running.announced(PlanClosed)
    assert (closed.reason, closed.practitioner_id) == ("needs_met", None)
    assert the_plan(sitting).closed_because == "needs_met"


def test_who_accepts_first_sees_the_plan_end_when_the_withdrawal_comes(sitting: Sitting) -> None:
    allocation_id = sitting.offered()
    request_id = allocation(sitting, allocation_id).request_id
    with beside(sitting, sitting.running.receives, RequestWithdrawn(*about(request_id))) as session:
        accepts(sitting, session, allocation_id)
    [closed] = sitting.running.announced(PlanClosed)
    assert (closed.reason, closed.practitioner_id) == ("withdrawn", sitting.lead.person_id)
    assert stands_nowhere(sitting, request_id)


def test_who_accepts_after_the_withdrawal_is_told_so(sitting: Sitting) -> None:
    allocation_id = sitting.offered()
    request_id = allocation(sitting, allocation_id).request_id
    body = {"practitioner_id": str(sitting.lead.person_id)}
    handler = sitting.running.service.events.handler_of("referrals.request_withdrawn.v1")
    assert handler is not None
    path = f"/allocations/{allocation_id}/acceptance"
    with beside(sitting, sitting.post, sitting.manager, path, body, 409) as session:
        handler(RequestWithdrawn(*about(request_id)), session, sitting.running.clock.at)
    assert sitting.running.announced(AllocationAccepted) == []
    assert stands_nowhere(sitting, request_id)


def test_a_family_that_is_declined_while_it_is_withdrawn_does_not_wait_for_a_panel(sitting: Sitting) -> None:
    allocation_id = sitting.offered()
    request_id = allocation(sitting, allocation_id).request_id
    with beside(sitting, sitting.running.receives, RequestWithdrawn(*about(request_id))) as session:
        allocations.decline_allocation(
            session,
            allocation_id,
            reason="capacity",
            note="",
            by=sitting.manager,
            panels=panel_choices(sitting.running.resources.authority),
            now=sitting.running.clock.at,
        )
    assert stands_nowhere(sitting, request_id)


def test_a_family_that_a_meeting_allocates_while_it_is_withdrawn_is_not_offered(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting_id = sitting.opened(sitting.next_meeting())
    decision = NewDecision(
        outcome="allocate", reasons="Because it fits.", details={"service_id": sitting.service_id, "needs": ["5"]}
    )
    with beside(sitting, sitting.running.receives, RequestWithdrawn(*about(request_id))) as session:
        decisions.record_decision(
            session,
            sitting.item_at(request_id, meeting_id),
            decision,
            by=sitting.chair.person_id,
            authority=sitting.running.resources.authority,
            now=sitting.running.clock.at,
        )
    assert stands_nowhere(sitting, request_id)


@pytest.mark.parametrize("outcome", ["not_accepted", "signpost", "more_information"])
@pytest.mark.parametrize("fact", [RequestWithdrawn, SafeguardingRaised])
def test_a_correction_does_not_take_up_a_family_that_was_let_go_after_it_was_heard(
    sitting: Sitting, fact: Callable[..., Any], outcome: str
) -> None:
    request_id = sitting.asks()
    meeting_id = sitting.opened(sitting.next_meeting())
    item_id = sitting.item_at(request_id, meeting_id)
    first = sitting.decides(item_id, outcome)
    sitting.running.hears(fact(*about(request_id)))
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {}, 200)
    refused = sitting.decides(item_id, "allocate", 409, supersedes=first["decision_id"])
    assert "left the agenda" in refused["detail"]
    assert stands_nowhere(sitting, request_id)


def test_a_family_that_comes_again_after_it_was_let_go_is_decided_about_anew(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting_id = sitting.opened(sitting.next_meeting())
    sitting.decides(sitting.item_at(request_id, meeting_id), "not_accepted")
    sitting.running.hears(RequestTakenBack(*about(request_id)))
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {}, 200)
    sitting.running.hears(RequestReadyForPanel(**sent_on(request_id, panel_key="ehap")))
    later_id = sitting.opened(sitting.next_meeting())
    sitting.decides(sitting.item_at(request_id, later_id), "allocate")


def test_many_who_accept_and_withdraw_at_once_leave_no_open_plan(sitting: Sitting) -> None:
    request_ids = [uuid4() for _ in range(8)]
    for request_id in request_ids:
        sitting.running.hears(
            RequestSentToService(**sent_on(request_id, agency_id=sitting.agency_id, service_id=sitting.service_id))
        )
    found = sitting.get(sitting.manager, "/allocations?state=offered")["allocations"]
    offers = {UUID(one["request_id"]): one["allocation_id"] for one in found}

    def accept(request_id: UUID) -> None:
        sitting.running.app.test_client().post(
            f"/panel/api/v1/allocations/{offers[request_id]}/acceptance",
            json={"practitioner_id": str(sitting.lead.person_id)},
            headers=sitting.running.bearer(sitting.manager),
        )

    with ThreadPoolExecutor(4) as pool:
        for number, request_id in enumerate(request_ids):
            withdrawal = RequestWithdrawn(*about(request_id))
            both = [lambda one=request_id: accept(one), lambda one=withdrawal: sitting.running.receives(one)]
            for act in both if number % 2 else reversed(both):
                pool.submit(act)
    assert all(stands_nowhere(sitting, request_id) for request_id in request_ids)
    accepted = sitting.running.announced(AllocationAccepted)
    assert {fact.plan_id for fact in accepted} == {fact.plan_id for fact in sitting.running.announced(PlanClosed)}
