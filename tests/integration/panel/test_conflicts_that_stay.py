"""Who declared a conflict with a family has no part in it at any later meeting either, by whatever door."""

from collections.abc import Callable
from uuid import UUID

import pytest

from services.panel.jobs.papers import fetch_papers
from shared.identity import Person
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def declares(sitting: Sitting, person: Person, item_id: UUID) -> None:
    body = {"person_id": str(person.person_id), "nature": "Their aunt."}
    sitting.post(person, f"/items/{item_id}/conflicts", body, 204)


def test_a_conflict_holds_at_the_meeting_to_which_the_family_is_carried_over(sitting: Sitting) -> None:
    request_id = sitting.asks()
    first = sitting.opened(sitting.next_meeting())
    item_id = sitting.item_at(request_id, first)
    for person in (sitting.member, sitting.deputy):
        declares(sitting, person, item_id)
    sitting.decides(item_id, "carry_over")
    sitting.post(sitting.chair, f"/meetings/{first}/end", {}, 200)
    second = sitting.opened(sitting.next_meeting())
    item_id = sitting.item_at(request_id, second)
    for person in (sitting.member, sitting.deputy):
        sitting.get(person, f"/meetings/{second}/papers/{item_id}", 404)
        [line] = sitting.get(person, f"/meetings/{second}/agenda")["items"]
        assert (line["paper"], line["level"]) == ("conflict", None)
        [shown] = sitting.get(person, f"/meetings/{second}/stand")["items"]
        assert shown["closed"] == "conflict"
    assert sitting.running.browser(sitting.deputy).get(f"/panel/items/{item_id}/decision").status_code == 403
    sitting.get(sitting.deputy, f"/items/{item_id}/notes", 403)
    sitting.post(sitting.deputy, f"/items/{item_id}/decision", sitting.decision("signpost"), 403)
    sitting.decides(item_id, "plan_advice")
    sitting.post(sitting.chair, f"/meetings/{second}/end", {}, 200)
    for person in (sitting.member, sitting.deputy):
        minutes = sitting.running.browser(person).get(f"/panel/meetings/{second}/minutes").text
        assert "Because it fits." not in minutes
    assert sitting.get(sitting.deputy, "/actions")["actions"] == []


def test_a_chair_with_a_conflict_sees_nothing_of_the_family_between_meetings(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting_id = sitting.next_meeting()
    while fetch_papers(sitting.running.resources):
        pass
    declares(sitting, sitting.deputy, sitting.item_at(request_id, meeting_id))
    path = f"/panel/queue/requests/{request_id}/decision"
    assert "A course." in sitting.running.browser(sitting.chair).get(path).text
    for answer in (
        sitting.running.browser(sitting.deputy).get(path),
        sitting.running.browser(sitting.deputy).post(f"{path}?outcome=signpost"),
    ):
        assert answer.status_code == 403
        assert "A course." not in answer.text
