"""Offers to agencies: accepted, declined, withdrawn, chased; and no family is ever lost between them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.panel.jobs.allocations import chase_unanswered_offers
from services.panel.tables import AllocationRow, PanelRow, PlanRow, QueueEntryRow
from shared.audit import audit
from shared.events.panel import AllocationAccepted, AllocationDeclined, AllocationOffered, AllocationUnanswered
from shared.events.referrals import RequestSentToService, RequestWithdrawn, SafeguardingRaised
from shared.references import new_reference
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def sent_to_service(sitting: Sitting, *, kind: str = "request", request_id: UUID | None = None) -> UUID:
    fact = RequestSentToService(
        request_id=request_id or uuid4(),
        family_id=uuid4(),
        reference=new_reference(),
        kind=kind,
        agency_id=sitting.agency_id,
        service_id=sitting.service_id,
        urgency="soon",
        received_on=date(2026, 10, 30),
        children=1,
        level_scheme="bathnes",
        level_version="2024",
        level_number=2,
    )
    sitting.running.hears(fact)
    return fact.request_id


def offer_of(sitting: Sitting, request_id: UUID) -> AllocationRow:
    with sitting.running.database.read() as session:
        rows = session.scalars(sa.select(AllocationRow).where(AllocationRow.request_id == request_id))
        return max(rows, key=lambda row: (row.state == "offered", row.offered_at))


def accept(sitting: Sitting, allocation_id: UUID, status: int = 201) -> None:
    body = {"practitioner_id": str(sitting.lead.person_id)}
    sitting.post(sitting.manager, f"/allocations/{allocation_id}/acceptance", body, status)


def test_a_family_sent_straight_to_a_service_is_offered_without_a_meeting(sitting: Sitting) -> None:
    sent_to_service(sitting)
    [offer] = sitting.running.announced(AllocationOffered)
    assert offer.meeting_id is None
    assert offer.answer_due_on == date(2026, 11, 9)
    assert sitting.get(sitting.manager, "/allocations?state=offered")["allocations"][0]["state"] == "offered"


def test_a_second_triage_to_a_service_takes_the_family_out_of_the_queue(sitting: Sitting) -> None:
    request_id = sitting.asks()
    sent_to_service(sitting, request_id=request_id)
    assert standing(sitting, request_id) == ["offered"]
    sent_to_service(sitting, request_id=request_id)
    assert standing(sitting, request_id) == ["offered"]


def test_an_agency_that_accepts_names_who_leads_and_the_plan_is_open(sitting: Sitting) -> None:
    allocation_id = sitting.offered()
    accept(sitting, allocation_id)
    [accepted] = sitting.running.announced(AllocationAccepted)
    assert accepted.practitioner_id == sitting.lead.person_id
    assert accepted.allocation_id == allocation_id
    opened_on = sitting.running.clock.at.date()
    assert opened_on < accepted.review_due_on <= opened_on + timedelta(weeks=6)


def test_only_a_lead_practitioner_of_the_agency_can_be_named(sitting: Sitting) -> None:
    allocation_id = sitting.offered()
    for stranger in (sitting.other_lead, sitting.manager, a_person("lead_practitioner")):
        body = {"practitioner_id": str(stranger.person_id)}
        problem = sitting.post(sitting.manager, f"/allocations/{allocation_id}/acceptance", body, 422)
        assert problem["errors"][0]["pointer"] == "/practitioner_id"


def test_a_declined_family_is_back_in_the_queue_of_the_next_meeting(sitting: Sitting) -> None:
    allocation_id = sitting.offered()
    body = {"reason": "capacity", "note": "No room until January"}
    sitting.post(sitting.manager, f"/allocations/{allocation_id}/refusal", body, 204)
    [declined] = sitting.running.announced(AllocationDeclined)
    assert declined.reason == "capacity"
    with sitting.running.database.read() as session:
        entry = session.scalars(sa.select(QueueEntryRow).where(QueueEntryRow.state == "placed")).one()
        assert (entry.request_id, entry.why) == (declined.request_id, "declined")
    meeting_id = sitting.opened(sitting.next_meeting())
    item_id = sitting.item_at(declined.request_id, meeting_id)
    page = sitting.running.browser(sitting.chair).get(f"/panel/items/{item_id}/decision").text
    assert "No room until January" in page
    sitting.decides(item_id, "allocate", service_id=str(sitting.other_service_id))
    assert standing(sitting, declined.request_id) == ["offered"]


@pytest.mark.parametrize(("kind", "panel"), [("request", "ehap"), ("step_down", "step-down")])
def test_a_declined_direct_family_goes_to_the_panel_for_its_kind(sitting: Sitting, kind: str, panel: str) -> None:
    request_id = sent_to_service(sitting, kind=kind)
    offer = offer_of(sitting, request_id)
    sitting.post(sitting.manager, f"/allocations/{offer.id}/refusal", {"reason": "cannot_meet_need"}, 204)
    with sitting.running.database.read() as session:
        key = session.scalars(sa.select(PanelRow.key).join(QueueEntryRow, QueueEntryRow.panel_id == PanelRow.id)).one()
    assert key == panel


def test_another_reason_is_told(sitting: Sitting) -> None:
    allocation_id = sitting.offered()
    sitting.post(sitting.manager, f"/allocations/{allocation_id}/refusal", {"reason": "other"}, 422)
    sitting.post(sitting.manager, f"/allocations/{allocation_id}/refusal", {"reason": "other", "note": "Fire"}, 204)


def test_of_two_answers_at_once_one_is_told(sitting: Sitting) -> None:
    allocation_id = sitting.offered()
    answers = {
        "acceptance": {"practitioner_id": str(sitting.lead.person_id)},
        "refusal": {"reason": "capacity"},
    }

    def answer(kind: str) -> int:
        return (
            sitting.running.app.test_client()
            .post(
                f"/panel/api/v1/allocations/{allocation_id}/{kind}",
                json=answers[kind],
                headers=sitting.running.bearer(sitting.manager),
            )
            .status_code
        )

    with ThreadPoolExecutor(2) as together:
        statuses = list(together.map(answer, answers))
    assert sorted(statuses) in ([201, 409], [204, 409])
    assert len(standing(sitting, offer_request(sitting, allocation_id))) == 1


def offer_request(sitting: Sitting, allocation_id: UUID) -> UUID:
    with sitting.running.database.read() as session:
        return session.get_one(AllocationRow, allocation_id).request_id


def test_another_agency_does_not_know_of_the_offer(sitting: Sitting) -> None:
    allocation_id = sitting.offered()
    browser = sitting.running.browser(sitting.other_manager)
    assert browser.get(f"/panel/allocations/{allocation_id}").status_code == 404
    assert browser.post(f"/panel/allocations/{allocation_id}/acceptance", data={}).status_code == 404
    typed = {"reason": "capacity"}
    assert browser.post(f"/panel/allocations/{allocation_id}/refusal", data=typed).status_code == 404
    sitting.get(sitting.other_manager, f"/allocations/{allocation_id}", 404)
    assert sitting.get(sitting.other_manager, "/allocations")["allocations"] == []


def test_a_manager_without_an_agency_sees_nothing(sitting: Sitting) -> None:
    sitting.offered()
    from shared.identity import Person

    nobody = Person(uuid4(), "No Agency", frozenset({"agency_manager"}), None)
    assert sitting.get(nobody, "/allocations")["allocations"] == []


def test_a_practitioner_does_not_answer_offers(sitting: Sitting) -> None:
    allocation_id = sitting.offered()
    assert sitting.running.browser(sitting.lead).get(f"/panel/allocations/{allocation_id}").status_code == 403


def test_the_pages_show_the_offer_the_days_left_and_the_paper_and_the_reading_is_on_record(sitting: Sitting) -> None:
    allocation_id = sitting.offered()
    browser = sitting.running.browser(sitting.manager)
    page = browser.get("/panel/allocations").text
    assert "7 days left" in page
    assert "More than one need, more than one agency" in page
    sitting.running.clock.at += timedelta(days=9)
    assert "2 days late" in browser.get("/panel/allocations").text
    page = browser.get(f"/panel/allocations/{allocation_id}").text
    assert "They shout." in page
    assert "Larkfield" not in page
    assert "Level 3: More than one need, more than one agency" in page
    assert "Lee Lead" in browser.get(f"/panel/allocations/{allocation_id}/acceptance").text
    with sitting.running.database.read() as session:
        reader = session.scalars(sa.select(audit.c.who).where(audit.c.did == "read_paper")).one()
    assert reader == str(sitting.manager.person_id)


def test_the_pages_take_both_answers(sitting: Sitting) -> None:
    browser = sitting.running.browser(sitting.manager)
    first, second = sitting.offered(), sitting.offered()
    answer = browser.post(f"/panel/allocations/{first}/acceptance", data={})
    assert answer.status_code == 422
    assert "Select who will be the lead professional" in answer.text
    typed = {"practitioner_id": str(sitting.lead.person_id)}
    assert browser.post(f"/panel/allocations/{first}/acceptance", data=typed).status_code == 302
    assert "See the plan" in browser.get("/panel/allocations?state=accepted").text
    answer = browser.post(f"/panel/allocations/{second}/refusal", data={"reason": "other", "note": " "})
    assert answer.status_code == 422
    typed = {"reason": "other", "note": "The family moved in with us"}
    assert browser.post(f"/panel/allocations/{second}/refusal", data=typed).status_code == 302
    assert "Another reason" in browser.get("/panel/allocations?state=declined").text
    assert browser.post(f"/panel/allocations/{second}/refusal", data=typed).status_code == 409


def test_an_unanswered_offer_is_chased_once_from_the_day_after(sitting: Sitting) -> None:
    sitting.offered()
    [offer] = sitting.running.announced(AllocationOffered)
    clock = sitting.running.clock
    while clock.at.date() <= offer.answer_due_on + timedelta(days=2):
        assert bool(sitting.running.announced(AllocationUnanswered)) == (
            clock.at.date() > offer.answer_due_on + timedelta(days=1)
        )
        chase_unanswered_offers(sitting.running.resources, clock.at)
        clock.at += timedelta(days=1)
    assert len(sitting.running.announced(AllocationUnanswered)) == 1


def test_an_answered_offer_is_not_chased(sitting: Sitting) -> None:
    accept(sitting, sitting.offered())
    chase_unanswered_offers(sitting.running.resources, sitting.running.clock.at + timedelta(days=30))
    assert sitting.running.announced(AllocationUnanswered) == []


@pytest.mark.parametrize("fact", [RequestWithdrawn, SafeguardingRaised])
def test_an_offer_is_withdrawn_with_its_request(sitting: Sitting, fact: type) -> None:
    allocation_id = sitting.offered()
    offer = sitting.running.announced(AllocationOffered)[0]
    sitting.running.hears(fact(offer.request_id, offer.family_id, offer.reference))
    assert standing(sitting, offer.request_id) == []
    accept(sitting, allocation_id, 409)


def standing(sitting: Sitting, request_id: UUID) -> list[str]:
    """Return in which open places a request stands: at most one, or it is lost or doubled."""
    with sitting.running.database.read() as session:
        queued = session.scalars(
            sa.select(QueueEntryRow.id).where(
                QueueEntryRow.request_id == request_id, QueueEntryRow.state.in_(("waiting", "placed"))
            )
        ).all()
        offered = session.scalars(
            sa.select(AllocationRow.id).where(AllocationRow.request_id == request_id, AllocationRow.state == "offered")
        ).all()
        planned = session.scalars(
            sa.select(PlanRow.id).where(PlanRow.request_id == request_id, PlanRow.closed_on.is_(None))
        ).all()
    return ["queued"] * len(queued) + ["offered"] * len(offered) + ["plan_open"] * len(planned)


AT_THE_MEETING = {
    "allocate": ["offered"],
    "carry_over": ["queued"],
    "more_information": ["queued"],
    "consent_outstanding": ["queued"],
    "signpost": [],
    "step_up": [],
    "not_heard": ["queued"],
}


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(sorted(AT_THE_MEETING)), st.sampled_from(["decline", "accept", "correct", "withdraw"])
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_family_stands_in_one_place_through_every_chain(
    start: Callable[..., Running], steps: list[tuple[str, str]]
) -> None:
    sitting = Sitting(start("panel"))
    request_id = sitting.asks()
    assert standing(sitting, request_id) == ["queued"]
    for outcome, answer in steps:
        if standing(sitting, request_id) != ["queued"]:
            break
        meeting_id = sitting.opened(sitting.next_meeting())
        item_id = sitting.item_at(request_id, meeting_id)
        made = {} if outcome == "not_heard" else sitting.decides(item_id, outcome)
        if answer == "correct" and made:
            made = sitting.decides(item_id, "allocate", supersedes=made["decision_id"])
            assert standing(sitting, request_id) == ["offered"]
        sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {"not_heard_because": "capacity"}, 200)
        expected = ["offered"] if answer == "correct" and made else AT_THE_MEETING[outcome]
        assert standing(sitting, request_id) == expected
        if expected == ["offered"]:
            assert standing(sitting, request_id) == ["offered"]
            after = _answer(sitting, request_id, UUID(made["allocation_id"]), answer)
            assert standing(sitting, request_id) == after


def _answer(sitting: Sitting, request_id: UUID, allocation_id: UUID, answer: str) -> list[str]:
    if answer == "accept":
        accept(sitting, allocation_id)
        return ["plan_open"]
    if answer == "withdraw":
        sitting.running.hears(RequestWithdrawn(request_id, uuid4(), new_reference()))
        return []
    sitting.post(sitting.manager, f"/allocations/{allocation_id}/refusal", {"reason": "capacity"}, 204)
    return ["queued"]
