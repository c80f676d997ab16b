"""Whoever has no part in a family neither arranges nor decides anything about it, and hears nothing of it; numbers stay."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.panel.jobs.plans import chase_actions
from services.panel.tables import MeetingRow
from shared.events.panel import ActionsOverdue, RequestCarriedOverAgain
from shared.identity import Person
from tests.integration.conftest import Running
from tests.integration.panel.asking import asks, entry, set_places
from tests.integration.panel.hidden_families import Hidden


@pytest.fixture
def hidden(start: Callable[..., Running]) -> Hidden:
    return Hidden(start("panel"))


@pytest.fixture(params=["deputy", "coordinator"])
def person(request: pytest.FixtureRequest, hidden: Hidden) -> Person:
    return hidden.people[request.param]


def test_the_queue_says_how_many_are_not_shown_and_counts_them_among_those_who_come_before(
    hidden: Hidden, person: Person
) -> None:
    sitting, running = hidden.sitting, hidden.running
    set_places(running, 0)
    late = asks(running, urgency="routine")
    everything, shown = sitting.get(sitting.chair, "/queue"), sitting.get(person, "/queue")
    assert everything["not_shown"] == 0
    assert (shown["total"], shown["not_shown"]) == (1, everything["total"] - 1)
    assert shown["places"] == everything["places"]
    [line] = shown["queue"]
    assert line["reference"] == late.reference
    assert line in everything["queue"]
    page = running.browser(person).get("/panel/queue").text
    assert f"{shown['not_shown']} requests that wait are not shown to you" in " ".join(page.split())
    assert "not shown to you" not in running.browser(sitting.chair).get("/panel/queue").text


def test_whoever_sees_none_of_those_who_wait_is_not_told_that_nobody_does(hidden: Hidden, person: Person) -> None:
    page = hidden.running.browser(person).get("/panel/queue").text
    assert "Nobody waits" not in page
    assert "not shown to you" in page


def test_an_urgency_that_is_asked_for_tells_nothing_of_those_who_are_not_shown(hidden: Hidden, person: Person) -> None:
    counts = [hidden.sitting.get(person, f"/queue?urgency={code}")["not_shown"] for code in ("urgent", "routine")]
    assert counts[0] == counts[1] > 0


def test_nothing_is_arranged_by_whoever_has_no_part(hidden: Hidden, person: Person) -> None:
    request_id, day = hidden.requests["placed"], hidden.running.clock.at.date() + timedelta(days=100)
    body = {"entry_id": str(hidden.entry_id("placed")), "reason": "They are away."}
    putting_off, sending_back = body | {"not_before": day.isoformat()}, body | {"because": "moved_away"}
    hidden.sitting.post(person, f"/queue/{request_id}/putting-off", putting_off, 403)
    hidden.sitting.post(person, f"/queue/{request_id}/sending-back", sending_back, 403)
    browser = hidden.running.browser(person)
    for name, typed in (("putting-off", putting_off), ("sending-back", sending_back)):
        assert browser.post(f"/panel/queue/requests/{request_id}/{name}", data=typed).status_code == 403
    assert entry(hidden.running, request_id).state == "placed"
    hidden.sitting.post(hidden.sitting.chair, f"/queue/{request_id}/sending-back", sending_back, 204)


def test_a_late_item_is_taken_by_and_with_leave_of_somebody_who_has_a_part(hidden: Hidden, person: Person) -> None:
    sitting = hidden.sitting
    with hidden.running.database.read() as session:
        meeting_id = session.scalars(sa.select(MeetingRow.id).where(MeetingRow.state == "in_session")).one()
    path, request_ids = f"/meetings/{meeting_id}/late-items", [str(hidden.requests["placed"])]
    body: dict[str, Any] = {"request_ids": request_ids, "leave_by": str(sitting.chair.person_id), "reason": "Now."}
    sitting.post(person, path, body, 403)
    refused = sitting.post(sitting.chair, path, body | {"leave_by": str(hidden.people["chair"].person_id)}, 422)
    assert "has no part" in str(refused)
    typed = {"reference": hidden.references["placed"], "leave_by": str(sitting.chair.person_id), "reason": "Now."}
    page = hidden.running.browser(person).post(f"/panel{path}", data=typed)
    assert page.status_code == 422
    assert "No request with this reference waits at this panel" in page.text
    sitting.post(sitting.chair, path, body, 204)


def test_nothing_is_decided_between_meetings_or_ratified_by_a_chair_who_has_no_part(hidden: Hidden) -> None:
    chair, sitting, request_id = hidden.people["chair"], hidden.sitting, hidden.requests["placed"]
    body = sitting.decision("signpost", urgent_because="It cannot wait.", consulted="The head.")
    sitting.post(chair, f"/requests/{request_id}/urgent-decision", body, 403)
    made = sitting.post(sitting.chair, f"/requests/{request_id}/urgent-decision", body)
    sitting.post(sitting.chair, f"/meetings/{_sitting_meeting(hidden)}/end", {"not_heard_because": "capacity"}, 200)
    meeting_id = sitting.opened(sitting.next_meeting())
    item_id = sitting.item_at(request_id, meeting_id)
    ratification = {"decision_id": made["decision_id"], "note": ""}
    sitting.post(chair, f"/items/{item_id}/ratification", ratification, 403)
    sitting.post(sitting.chair, f"/items/{item_id}/ratification", ratification, 204)


def test_a_chair_of_an_excluded_agency_is_not_named_as_the_one_who_chaired_the_item(hidden: Hidden) -> None:
    item_id = hidden.sitting.item_at(hidden.requests["sitting"], _sitting_meeting(hidden))
    refused = hidden.sitting.decides(item_id, "signpost", 422, chaired_by=str(hidden.people["chair"].person_id))
    assert "The chair has no part in this item" in str(refused)


def test_nobody_without_a_part_hears_that_a_family_is_carried_over_again(hidden: Hidden) -> None:
    sitting = hidden.sitting
    sitting.post(sitting.chair, f"/meetings/{_sitting_meeting(hidden)}/end", {"not_heard_because": "capacity"}, 200)
    second = sitting.opened(sitting.next_meeting())
    sitting.post(sitting.chair, f"/meetings/{second}/end", {"not_heard_because": "capacity"}, 200)
    told = hidden.running.announced(RequestCarriedOverAgain)
    own = {sitting.chair.person_id, sitting.deputy.person_id, sitting.coordinator.person_id}
    assert {fact.reference for fact in told} >= {hidden.references["sitting"], hidden.references["next"]}
    assert all(set(fact.leader_ids) == own for fact in told)


def test_a_coordinator_without_a_part_hears_of_no_overdue_action(hidden: Hidden) -> None:
    hidden.running.clock.at += timedelta(days=40)
    chase_actions(hidden.running.resources, hidden.running.clock.at)
    told = {(fact.told_as, fact.recipient_id) for fact in hidden.running.announced(ActionsOverdue)}
    assert ("panel", hidden.sitting.coordinator.person_id) in told
    assert hidden.people["coordinator"].person_id not in {recipient for _, recipient in told}


def _sitting_meeting(hidden: Hidden) -> UUID:
    with hidden.running.database.read() as session:
        return session.scalars(sa.select(MeetingRow.id).where(MeetingRow.state == "in_session")).one()


def test_notifications_asks_which_references_a_leader_may_be_told(hidden: Hidden, person: Person) -> None:
    open_to_all = asks(hidden.running)
    references = [*hidden.references.values(), open_to_all.reference, "EH7K-3QWD"]

    def told(reader: Person) -> set[str]:
        asked = hidden.running.app.test_client().get(
            f"/panel/api/v1/people/{reader.person_id}/references",
            query_string={"reference": references},
            headers=hidden.running.as_neighbour("notifications"),
        )
        assert asked.status_code == 200
        return set(asked.get_json()["references"])

    assert told(person) == {open_to_all.reference}
    assert told(hidden.sitting.coordinator) == {*hidden.references.values(), open_to_all.reference}
    assert told(hidden.sitting.member) == set()
    hidden.sitting.get(person, f"/people/{person.person_id}/references?reference=EH7K-3QWD", 401)
