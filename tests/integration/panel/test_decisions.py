"""What follows from a decision, and who may make one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.panel.tables import AllocationRow, DecisionRow, QueueEntryRow
from shared.events.panel import AllocationOffered, AllocationWithdrawn, DecisionMade, MinutesIssued, RequestPlaced
from shared.london import london_date
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def open_entry(sitting: Sitting, request_id: UUID) -> QueueEntryRow | None:
    with sitting.running.database.read() as session:
        return session.scalars(
            sa.select(QueueEntryRow).where(
                QueueEntryRow.request_id == request_id, QueueEntryRow.state.in_(("waiting", "placed"))
            )
        ).one_or_none()


def allocations(sitting: Sitting) -> list[AllocationRow]:
    with sitting.running.database.read() as session:
        return list(session.scalars(sa.select(AllocationRow).order_by(AllocationRow.offered_at)))


def test_an_allocation_is_offered_with_the_day_of_its_answer(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting_id = sitting.opened(sitting.next_meeting())
    sitting.decides(sitting.item_at(request_id, meeting_id), "allocate", actions=[sitting.action()])
    [made] = sitting.running.announced(DecisionMade)
    [offer] = sitting.running.announced(AllocationOffered)
    assert made.outcome == "allocate"
    assert (offer.agency_id, offer.service_id, offer.meeting_id) == (sitting.agency_id, sitting.service_id, meeting_id)
    assert offer.answer_due_on == london_date(sitting.running.clock.at) + timedelta(days=7)
    assert open_entry(sitting, request_id) is None


@pytest.mark.parametrize("outcome", ["recommend", "signpost", "plan_advice", "step_up", "not_accepted", "close"])
def test_a_decision_that_ends_the_matter_leaves_nothing_waiting(sitting: Sitting, outcome: str) -> None:
    request_id = sitting.asks()
    sitting.decides(sitting.item_at(request_id, sitting.opened(sitting.next_meeting())), outcome)
    assert open_entry(sitting, request_id) is None
    assert allocations(sitting) == []
    assert sitting.item(request_id).state == "heard"


def test_a_family_that_waits_for_information_is_not_heard_before_its_day(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting_id = sitting.opened(sitting.next_meeting())
    by_on = london_date(sitting.running.clock.at) + timedelta(days=20)
    sitting.decides(sitting.item_at(request_id, meeting_id), "more_information", by_on=by_on.isoformat())
    entry = open_entry(sitting, request_id)
    assert entry is not None
    assert (entry.why, entry.not_before) == ("more_information", by_on)
    assert sitting.running.announced(RequestPlaced)[-1].held_on >= by_on


def test_a_family_that_was_carried_over_counts_how_often(sitting: Sitting) -> None:
    request_id = sitting.asks()
    for times in (1, 2):
        meeting_id = sitting.opened(sitting.next_meeting())
        sitting.decides(sitting.item_at(request_id, meeting_id), "carry_over", reason="papers_late")
        entry = open_entry(sitting, request_id)
        assert entry is not None
        assert (entry.why, entry.times_carried) == ("carried_over", times)
        sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {}, 200)


def test_an_excluded_agency_is_refused_and_told_at_its_field(sitting: Sitting) -> None:
    request_id = sitting.asks(not_with=("steps forward association",))
    item_id = sitting.item_at(request_id, sitting.opened(sitting.next_meeting()))
    problem = sitting.decides(item_id, "allocate", 422, service_id=str(sitting.service_id))
    assert problem["errors"][0]["pointer"] == "/service_id"
    action = sitting.action(agency_id=str(sitting.agency_id))
    problem = sitting.decides(item_id, "signpost", 422, actions=[action])
    assert problem["errors"][0]["pointer"] == "/actions/0/agency_id"
    assert allocations(sitting) == []


def test_a_closed_service_is_refused(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    sitting.decides(item_id, "allocate", 422, service_id=str(sitting.closed_service_id))


def test_nothing_is_decided_before_the_meeting_is_open(sitting: Sitting) -> None:
    sitting.decides(sitting.item_at(sitting.asks(), sitting.next_meeting()), "signpost", 409)


def test_every_missing_answer_is_named(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    body = {"outcome": "more_information", "reasons": " "}
    problem = sitting.post(sitting.chair, f"/items/{item_id}/decision", body, 422)
    assert {error["pointer"] for error in problem["errors"]} == {
        "/what",
        "/from_whom",
        "/by_on",
        "/clock_paused",
        "/told_by",
        "/reasons",
    }


def test_only_who_runs_the_meeting_decides(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    body = sitting.decision("signpost")
    sitting.post(sitting.member, f"/items/{item_id}/decision", body, 403)
    sitting.post(sitting.manager, f"/items/{item_id}/decision", body, 403)
    sitting.post(sitting.coordinator, f"/items/{item_id}/decision", body, 201)


def test_a_chair_of_another_panel_does_not_know_the_item(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    elsewhere = Sitting(sitting.running, panel_key="step-down")
    sitting.post(elsewhere.chair, f"/items/{item_id}/decision", sitting.decision("signpost"), 404)


def test_a_chair_with_a_conflict_hands_the_item_to_a_deputy(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    declared = {"person_id": str(sitting.chair.person_id), "nature": "The mother is a friend"}
    sitting.post(sitting.chair, f"/items/{item_id}/conflicts", declared, 204)
    sitting.decides(item_id, "signpost", 403)
    body = sitting.decision("signpost")
    problem = sitting.post(sitting.coordinator, f"/items/{item_id}/decision", body, 422)
    assert problem["errors"][0]["pointer"] == "/chaired_by"
    body["chaired_by"] = str(sitting.deputy.person_id)
    sitting.post(sitting.coordinator, f"/items/{item_id}/decision", body, 201)


def test_a_second_decision_is_told_of_the_first(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    sitting.decides(item_id, "signpost")
    sitting.decides(item_id, "allocate", 409)
    assert allocations(sitting) == []


def test_of_two_who_record_at_once_one_is_told(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    body = sitting.decision("allocate")

    def record(person: object) -> int:
        return (
            sitting.running.app.test_client()
            .post(f"/panel/api/v1/items/{item_id}/decision", json=body, headers=sitting.running.bearer(person))  # type: ignore[arg-type]
            .status_code
        )

    with ThreadPoolExecutor(2) as together:
        assert sorted(together.map(record, [sitting.chair, sitting.coordinator])) == [201, 409]
    assert len(allocations(sitting)) == 1


def test_a_correction_withdraws_the_offer_that_it_undoes(sitting: Sitting) -> None:
    request_id = sitting.asks()
    item_id = sitting.item_at(request_id, sitting.opened(sitting.next_meeting()))
    first = sitting.decides(item_id, "allocate")
    sitting.decides(item_id, "signpost", supersedes=first["decision_id"])
    assert [row.state for row in allocations(sitting)] == ["withdrawn"]
    assert [fact.because for fact in sitting.running.announced(AllocationWithdrawn)] == ["corrected"]
    assert open_entry(sitting, request_id) is None
    with sitting.running.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(DecisionRow)) == 2


def test_a_correction_can_offer_the_family_to_another_agency(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    first = sitting.decides(item_id, "allocate")
    sitting.decides(item_id, "allocate", supersedes=first["decision_id"], service_id=str(sitting.other_service_id))
    assert sorted(row.state for row in allocations(sitting)) == ["offered", "withdrawn"]


def test_a_correction_takes_the_family_out_of_the_queue_again(sitting: Sitting) -> None:
    request_id = sitting.asks()
    item_id = sitting.item_at(request_id, sitting.opened(sitting.next_meeting()))
    first = sitting.decides(item_id, "carry_over")
    sitting.decides(item_id, "allocate", supersedes=first["decision_id"])
    assert open_entry(sitting, request_id) is None
    assert [row.state for row in allocations(sitting)] == ["offered"]


def test_an_accepted_allocation_is_not_undone_by_a_correction(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    first = sitting.decides(item_id, "allocate")
    body = {"practitioner_id": str(sitting.lead.person_id)}
    sitting.post(sitting.manager, f"/allocations/{first['allocation_id']}/acceptance", body)
    sitting.decides(item_id, "signpost", 409, supersedes=first["decision_id"])


def test_what_a_later_meeting_decided_is_not_undone_by_a_correction_at_an_earlier_one(sitting: Sitting) -> None:
    request_id = sitting.asks()
    earlier_id = sitting.opened(sitting.next_meeting())
    item_id = sitting.item_at(request_id, earlier_id)
    first = sitting.decides(item_id, "more_information")
    sitting.post(sitting.chair, f"/meetings/{earlier_id}/end", {}, 200)
    later_id = sitting.opened(sitting.next_meeting())
    problem = sitting.decides(item_id, "signpost", 409, supersedes=first["decision_id"])
    assert "closed agenda of a later meeting" in problem["detail"]
    sitting.decides(sitting.item_at(request_id, later_id), "more_information")
    problem = sitting.decides(item_id, "signpost", 409, supersedes=first["decision_id"])
    assert "later meeting has heard this family" in problem["detail"]
    assert open_entry(sitting, request_id) is not None


def test_who_corrects_a_family_that_an_agency_declined_is_told_so(sitting: Sitting) -> None:
    request_id = sitting.asks()
    item_id = sitting.item_at(request_id, sitting.opened(sitting.next_meeting()))
    first = sitting.decides(item_id, "allocate")
    refusal = {"reason": "capacity", "note": ""}
    sitting.post(sitting.manager, f"/allocations/{first['allocation_id']}/refusal", refusal, 204)
    problem = sitting.decides(item_id, "signpost", 409, supersedes=first["decision_id"])
    assert "The agency declined" in problem["detail"]
    assert open_entry(sitting, request_id) is not None


def test_a_correction_after_the_meeting_issues_the_minutes_again(sitting: Sitting) -> None:
    meeting_id = sitting.next_meeting() if not sitting.asks() else sitting.opened(sitting.next_meeting())
    with sitting.running.database.read() as session:
        item_id = session.scalars(
            sa.text("SELECT id FROM agenda_item WHERE meeting_id = :id").bindparams(id=meeting_id)
        ).one()
    first = sitting.decides(item_id, "signpost")
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {}, 200)
    sitting.decides(item_id, "not_accepted", supersedes=first["decision_id"])
    assert len(sitting.running.announced(MinutesIssued)) == 2


def test_the_page_asks_only_for_what_the_outcome_needs(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(not_with=("Steps Forward",)), sitting.opened(sitting.next_meeting()))
    browser = sitting.running.browser(sitting.chair)
    page = browser.get(f"/panel/items/{item_id}/decision?outcome=allocate").text
    assert "Tenancy support (Riverside Housing)" in page
    assert "Parenting course" not in page
    assert "Holiday club" not in page.split("How busy the services are")[0]
    assert "Steps Forward" in page
    assert browser.get(f"/panel/items/{item_id}/decision?outcome=").status_code == 422


def test_every_outcome_has_a_page(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    browser = sitting.running.browser(sitting.chair)
    for outcome in ("recommend", "signpost", "plan_advice", "more_information", "consent_outstanding", "step_up"):
        assert browser.get(f"/panel/items/{item_id}/decision?outcome={outcome}").status_code == 200
    for outcome in ("allocate", "not_accepted", "carry_over"):
        assert browser.get(f"/panel/items/{item_id}/decision?outcome={outcome}").status_code == 200


def test_the_second_to_record_on_a_page_keeps_what_they_typed(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    first = sitting.decides(item_id, "signpost")
    typed = {"supersedes": "", "reason": "capacity", "reasons": "We ran out of time"}
    browser = sitting.running.browser(sitting.coordinator)
    answer = browser.post(f"/panel/items/{item_id}/decision?outcome=carry_over", data=typed)
    assert answer.status_code == 409
    assert "We ran out of time" in answer.text
    assert first["decision_id"] in answer.text
    typed["supersedes"] = first["decision_id"]
    assert browser.post(f"/panel/items/{item_id}/decision?outcome=carry_over", data=typed).status_code == 302


def test_a_half_filled_action_is_pointed_out_and_a_whole_one_is_kept(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    browser = sitting.running.browser(sitting.chair)
    typed = {"where": "Library", "told_by": "School", "reasons": "Enough", "action_2_what": "Ring them"}
    answer = browser.post(f"/panel/items/{item_id}/decision?outcome=signpost", data=typed)
    assert answer.status_code == 422
    assert "action_2_agency-error" in answer.text
    assert "Ring them" in answer.text
    due_on = sitting.running.clock.at.date() + timedelta(days=7)
    typed |= {"action_2_agency": str(sitting.agency_id), **_boxes("action_2_due_on", due_on)}
    assert browser.post(f"/panel/items/{item_id}/decision?outcome=signpost", data=typed).status_code == 302


def _boxes(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def said_by(sitting: Sitting, decision_id: str) -> DecisionRow:
    with sitting.running.database.read() as session:
        return session.get_one(DecisionRow, UUID(decision_id))


def test_an_allocation_records_what_follows_from_what_is_known(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    details = said_by(sitting, sitting.decides(item_id, "allocate")["decision_id"]).details
    [offer] = sitting.running.announced(AllocationOffered)
    assert details["level"] == {"scheme": "bathnes", "version": "2024", "number": 3, "label": "More than one need"}
    assert details["lead_named_by_on"] == offer.answer_due_on.isoformat()
    assert details["consent_covers"] == "named"
    assert "previous_service_id" not in details


def test_a_family_that_was_declined_is_allocated_anew_with_who_had_it_before(sitting: Sitting) -> None:
    request_id = sitting.asks()
    allocation_id = sitting.offered(request_id)
    sitting.running.clock.at += timedelta(days=3)
    declined = {"reason": "capacity", "note": ""}
    sitting.post(sitting.manager, f"/allocations/{allocation_id}/refusal", declined, 204)
    item_id = sitting.item_at(request_id, sitting.opened(sitting.next_meeting()))
    details = said_by(sitting, sitting.decides(item_id, "allocate")["decision_id"]).details
    assert details["previous_service_id"] == str(sitting.service_id)
    assert (details["previous_because"], details["days_held"]) == ("capacity", 3)


def test_a_family_put_off_has_the_day_of_the_panel_that_it_comes_back_to(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting_id = sitting.opened(sitting.next_meeting())
    made = sitting.decides(sitting.item_at(request_id, meeting_id), "consent_outstanding")
    held_on = sitting.running.announced(RequestPlaced)[-1].held_on
    assert said_by(sitting, made["decision_id"]).details["returns_on"] == held_on.isoformat()


def test_what_differs_for_a_child_is_refused_for_a_child_of_another_family(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    other = {"child_ref": "c7", "outcome": "signpost", "note": "They are well."}
    problem = sitting.decides(item_id, "allocate", 422, children=[other])
    assert problem["errors"][0]["pointer"] == "/children/0/child_ref"
    wrong = {"child_ref": "c1", "outcome": "carry_over", "note": "Later."}
    problem = sitting.decides(item_id, "allocate", 422, children=[wrong])
    assert problem["errors"][0]["pointer"] == "/children/0/outcome"


def test_what_is_decided_otherwise_for_a_child_is_announced_by_its_code_alone(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    child = {"child_ref": "c1", "outcome": "step_up", "note": "She was hurt."}
    sitting.decides(item_id, "signpost", children=[child])
    [fact] = sitting.running.announced(DecisionMade)
    assert (fact.outcome, fact.children_outcomes) == ("signpost", ("step_up",))


def test_a_child_goes_to_a_service_of_its_own_whose_agency_is_asked_by_an_action(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    own = {"child_ref": "c1", "service_id": str(sitting.other_service_id), "note": "She is fifteen."}
    problem = sitting.decides(item_id, "allocate", 422, children=[own])
    assert problem["errors"][0]["pointer"] == "/children/0/service_id"
    asks = sitting.action(agency_id=str(sitting.other_agency_id), what="See her about a place")
    sitting.decides(item_id, "allocate", children=[own], actions=[asks])
    assert [offer.service_id for offer in allocations(sitting)] == [sitting.service_id]
