"""Actions that are chased: by the job, once a time, and never for a family that does not agree any more."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.panel.jobs.plans import chase_actions
from services.panel.tables import ActionChaseRow, ActionRow, KnownPersonRow
from shared.events.panel import ActionsDue, ActionsOverdue
from shared.london import london_date
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting
from tests.integration.panel.test_action_log import newest_answer, withdrawal

TOLD = ("recipient_kind", "recipient_id", "told_as")


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def agreed(sitting: Sitting, *actions: dict[str, Any]) -> tuple[UUID, date]:
    """Let a meeting agree actions that are due in twenty days; return the request and the day."""
    request_id = sitting.asks()
    due_on = london_date(sitting.running.clock.at) + timedelta(days=40)
    item_id = sitting.item_at(request_id, sitting.opened(sitting.next_meeting()))
    given = [sitting.action(due_on=due_on.isoformat(), **one) for one in actions or ({},)]
    sitting.decides(item_id, "plan_advice", actions=given)
    return request_id, due_on


def runs_on(sitting: Sitting, day: date) -> None:
    sitting.running.clock.at = datetime(day.year, day.month, day.day, 7, 15, tzinfo=UTC)
    chase_actions(sitting.running.resources, sitting.running.clock.at)


def told(sitting: Sitting) -> list[tuple[str, UUID, str]]:
    return [(one.recipient_kind, one.recipient_id, one.told_as) for one in sitting.running.announced(ActionsOverdue)]


def names(sitting: Sitting, person_id: UUID) -> None:
    with sitting.running.database.begin() as session:
        session.scalars(sa.select(ActionRow)).one().owner_person_id = person_id


def test_an_action_is_reminded_of_once_in_the_week_before(sitting: Sitting) -> None:
    _, due_on = agreed(sitting)
    for days in (8, 7, 6, 0):
        runs_on(sitting, due_on - timedelta(days=days))
        assert len(sitting.running.announced(ActionsDue)) == (days < 8)
    [due] = sitting.running.announced(ActionsDue)
    assert (due.recipient_kind, due.recipient_id, due.due_on) == ("agency", sitting.agency_id, due_on)
    assert due.reference
    assert told(sitting) == []


def test_an_overdue_one_goes_to_who_does_it_then_to_their_managers_and_the_coordinator_and_ends(
    sitting: Sitting,
) -> None:
    _, due_on = agreed(sitting)
    names(sitting, sitting.lead.person_id)
    owner = ("person", sitting.lead.person_id, "owner")
    everybody = [owner, ("agency", sitting.agency_id, "agency"), ("person", sitting.coordinator.person_id, "panel")]
    runs_on(sitting, due_on + timedelta(days=1))
    assert told(sitting) == [owner]
    for days in range(2, 60):
        runs_on(sitting, due_on + timedelta(days=days))
    assert told(sitting) == [owner, *everybody * 3]
    with sitting.running.database.read() as session:
        assert sorted(session.scalars(sa.select(ActionChaseRow.number))) == [1, 2, 3, 4]


def test_after_an_outage_it_is_chased_once_and_not_for_every_time_that_was_missed(sitting: Sitting) -> None:
    _, due_on = agreed(sitting)
    runs_on(sitting, due_on + timedelta(days=30))
    runs_on(sitting, due_on + timedelta(days=30))
    assert sitting.running.announced(ActionsDue) == []
    assert told(sitting) == [
        ("agency", sitting.agency_id, "owner"),
        ("person", sitting.coordinator.person_id, "panel"),
    ]


def test_many_actions_are_one_fact_for_each_who_is_told(sitting: Sitting) -> None:
    _, due_on = agreed(sitting, {"what": "Ring"}, {"what": "Write"}, {"agency_id": str(sitting.other_agency_id)})
    runs_on(sitting, due_on)
    facts = {one.recipient_id: one for one in sitting.running.announced(ActionsDue)}
    assert {key: len(one.action_ids) for key, one in facts.items()} == {
        sitting.agency_id: 2,
        sitting.other_agency_id: 1,
    }
    assert facts[sitting.agency_id].reference == ""


def test_what_is_done_or_not_needed_is_chased_no_more_and_what_opens_again_is(sitting: Sitting) -> None:
    _, due_on = agreed(sitting)
    [action] = sitting.get(sitting.lead, "/actions")["actions"]
    path = f"/actions/{action['action_id']}/marks"
    done = sitting.post(sitting.lead, path, {"mark": "done"})
    runs_on(sitting, due_on + timedelta(days=1))
    assert told(sitting) == []
    sitting.post(sitting.lead, path, {"mark": "reopened", "note": "Not yet", "supersedes": done["mark_id"]})
    runs_on(sitting, due_on + timedelta(days=2))
    assert told(sitting) == [("agency", sitting.agency_id, "owner")]


def test_a_family_that_withdrew_is_not_chased_about(sitting: Sitting) -> None:
    request_id, due_on = agreed(sitting)
    sitting.running.hears(withdrawal(sitting, request_id))
    for days in (-1, 1, 9):
        runs_on(sitting, due_on + timedelta(days=days))
    assert sitting.running.announced(ActionsDue) == told(sitting) == []


def test_an_agency_that_the_family_excludes_now_is_not_chased_until_it_may_know_again(sitting: Sitting) -> None:
    request_id, due_on = agreed(sitting)
    newest_answer(sitting, request_id, ("Steps Forward",))
    runs_on(sitting, due_on + timedelta(days=1))
    assert told(sitting) == []
    newest_answer(sitting, request_id, ())
    runs_on(sitting, due_on + timedelta(days=2))
    assert told(sitting) == [("agency", sitting.agency_id, "owner")]


@pytest.mark.parametrize("changed", [{"is_active": False}, {"agency_id": None}])
def test_where_the_person_no_longer_works_there_their_agency_is_told(sitting: Sitting, changed: dict[str, Any]) -> None:
    _, due_on = agreed(sitting)
    names(sitting, sitting.lead.person_id)
    with sitting.running.database.begin() as session:
        for name, value in changed.items():
            setattr(session.get_one(KnownPersonRow, sitting.lead.person_id), name, value)
    runs_on(sitting, due_on)
    [due] = sitting.running.announced(ActionsDue)
    assert due.recipient_id == sitting.agency_id


def test_a_coordinator_with_a_conflict_is_not_told_of_the_item(sitting: Sitting) -> None:
    _, due_on = agreed(sitting)
    with sitting.running.database.begin() as session:
        session.execute(
            sa.text("INSERT INTO conflict SELECT id, :person, 'A cousin', now() FROM agenda_item"),
            {"person": sitting.coordinator.person_id},
        )
    runs_on(sitting, due_on + timedelta(days=9))
    assert told(sitting) == [("agency", sitting.agency_id, "owner")]


def test_a_corrected_decision_that_asks_for_the_same_again_keeps_what_became_of_it(sitting: Sitting) -> None:
    due_on = london_date(sitting.running.clock.at) + timedelta(days=40)
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    ring = sitting.action(due_on=due_on.isoformat())
    write = sitting.action(what="Write", due_on=due_on.isoformat())
    first = sitting.decides(item_id, "plan_advice", actions=[ring, write])
    [action_id] = [
        one["action_id"] for one in sitting.get(sitting.lead, "/actions")["actions"] if one["what"] == "Write"
    ]
    sitting.post(sitting.lead, f"/actions/{action_id}/marks", {"mark": "done", "note": "Written"})
    runs_on(sitting, due_on)
    sitting.decides(item_id, "plan_advice", supersedes=first["decision_id"], actions=[ring, write], reasons="Better.")
    runs_on(sitting, due_on)
    assert len(sitting.running.announced(ActionsDue)) == 1
    assert [one["what"] for one in sitting.get(sitting.lead, "/actions")["actions"]] == ["Ring the school"]
    [done] = sitting.get(sitting.lead, "/actions?state=done")["actions"]
    assert done["note"] == "Written"
