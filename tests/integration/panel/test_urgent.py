"""Urgent decisions: at once, by the chair, and on the next agenda to be ratified or decided otherwise."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.panel.jobs.decisions import carry_ratifications
from services.panel.jobs.papers import fetch_papers
from services.panel.tables import AgendaItemRow, DecisionRow, MeetingRow, RatificationRow
from shared.events.panel import AllocationOffered, AllocationWithdrawn, DecisionMade
from shared.identity import Person
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def urgently(sitting: Sitting, request_id: UUID, outcome: str, status: int = 201, **given: Any) -> Any:
    by: Person = given.pop("by", sitting.chair)
    if given.pop("fetches", True):
        while fetch_papers(sitting.running.resources):
            pass
    why = {"urgent_because": "They move on Monday.", "consulted": "Mo Member, by telephone"}
    return sitting.post(by, f"/requests/{request_id}/urgent-decision", sitting.decision(outcome) | why | given, status)


def items(sitting: Sitting, request_id: UUID) -> list[AgendaItemRow]:
    with sitting.running.database.read() as session:
        statement = (
            sa.select(AgendaItemRow)
            .join(AgendaItemRow.meeting)
            .where(AgendaItemRow.request_id == request_id)
            .order_by(MeetingRow.held_on)
        )
        return list(session.scalars(statement))


def ratified(sitting: Sitting) -> list[bool]:
    with sitting.running.database.read() as session:
        rows = session.scalars(sa.select(RatificationRow.ratified_at).order_by(RatificationRow.ratified_at))
        return [moment is not None for moment in rows]


def test_an_urgent_decision_takes_effect_at_once_and_is_numbered_on_the_next_agenda(sitting: Sitting) -> None:
    request_id, other = sitting.asks(), sitting.asks()
    made = urgently(sitting, request_id, "allocate")
    [offer] = sitting.running.announced(AllocationOffered)
    assert str(offer.allocation_id) == made["allocation_id"]
    meeting_id = sitting.next_meeting()
    [item] = items(sitting, request_id)
    assert (item.meeting_id, item.state) == (meeting_id, "to_ratify")
    assert {item.number, items(sitting, other)[0].number} == {1, 2}
    assert item.paper_id is not None
    agenda = sitting.running.browser(sitting.member).get(f"/panel/meetings/{meeting_id}").text
    assert agenda.count("Urgent decision to ratify") == 1


def test_the_meeting_ratifies_it_with_who_was_consulted_in_the_minutes(sitting: Sitting) -> None:
    request_id = sitting.asks()
    made = urgently(sitting, request_id, "signpost")
    meeting_id = sitting.opened(sitting.next_meeting())
    [item] = items(sitting, request_id)
    page = sitting.running.browser(sitting.chair).get(f"/panel/items/{item.id}/decision").text
    assert "Ratify this decision" in page
    body = {"decision_id": made["decision_id"], "note": "All agreed"}
    sitting.post(sitting.member, f"/items/{item.id}/ratification", body, 403)
    sitting.post(sitting.coordinator, f"/items/{item.id}/ratification", body, 204)
    sitting.post(sitting.coordinator, f"/items/{item.id}/ratification", body, 409)
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {}, 200)
    minutes = sitting.running.browser(sitting.chair).get(f"/panel/meetings/{meeting_id}/minutes").text
    for words in ("They move on Monday.", "Mo Member, by telephone", "Ratified on", "All agreed"):
        assert words in minutes
    assert len(sitting.running.announced(DecisionMade)) == 1


def test_the_meeting_can_decide_otherwise(sitting: Sitting) -> None:
    request_id = sitting.asks()
    made = urgently(sitting, request_id, "allocate")
    sitting.opened(sitting.next_meeting())
    [item] = items(sitting, request_id)
    sitting.decides(item.id, "signpost", 409)
    sitting.decides(item.id, "signpost", supersedes=made["decision_id"])
    assert len(sitting.running.announced(AllocationWithdrawn)) == 1
    assert items(sitting, request_id)[0].state == "heard"
    body = {"decision_id": made["decision_id"], "note": ""}
    sitting.post(sitting.coordinator, f"/items/{item.id}/ratification", body, 409)
    assert ratified(sitting) == [False]


def test_what_a_meeting_did_not_come_to_is_ratified_by_the_next(sitting: Sitting) -> None:
    request_id = sitting.asks()
    made = urgently(sitting, request_id, "signpost")
    first = sitting.opened(sitting.next_meeting())
    sitting.post(sitting.chair, f"/meetings/{first}/end", {}, 200)
    for _ in range(2):
        carry_ratifications(sitting.running.resources, sitting.running.clock.at)
    before, after = items(sitting, request_id)
    assert (before.state, after.state) == ("carried_over", "to_ratify")
    second = sitting.opened(sitting.next_meeting())
    assert after.meeting_id == second
    body = {"decision_id": made["decision_id"], "note": ""}
    sitting.post(sitting.coordinator, f"/items/{after.id}/ratification", body, 204)
    with sitting.running.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(DecisionRow)) == 1


def test_after_the_cut_off_it_is_a_late_item_with_the_next_number(sitting: Sitting) -> None:
    early = sitting.asks()
    sitting.next_meeting()
    late = sitting.asks()
    sitting.running.clock.at = sitting.running.clock.at.replace(hour=0)
    urgently(sitting, late, "signpost")
    [first], found = items(sitting, early), items(sitting, late)
    to_ratify = next(item for item in found if item.state == "to_ratify")
    assert (first.number, to_ratify.number, to_ratify.meeting_id) == (1, 2, first.meeting_id)
    assert to_ratify.supplement == 1


def test_only_a_chair_decides_between_meetings_and_says_why(sitting: Sitting) -> None:
    request_id = sitting.asks()
    for person in (sitting.coordinator, sitting.member):
        urgently(sitting, request_id, "signpost", 403, by=person)
    problem = urgently(sitting, request_id, "signpost", 422, urgent_because="", consulted="")
    assert {error["pointer"] for error in problem["errors"]} == {"/urgent_because", "/consulted"}
    urgently(sitting, request_id, "carry_over", 422)
    urgently(sitting, request_id, "signpost", by=sitting.deputy)
    urgently(sitting, request_id, "signpost", 404)


def test_a_family_that_a_meeting_hears_is_decided_there(sitting: Sitting) -> None:
    request_id = sitting.asks()
    sitting.opened(sitting.next_meeting())
    urgently(sitting, request_id, "signpost", 409)


def test_the_page_asks_the_same_and_why(sitting: Sitting) -> None:
    request_id = sitting.asks()
    browser = sitting.running.browser(sitting.chair)
    path = f"/panel/queue/requests/{request_id}/decision"
    fetch_papers(sitting.running.resources)
    assert "Carry over" not in browser.get(path).text
    typed = {"where": "The library", "told_by": "The school", "reasons": "It is near."}
    refused = browser.post(f"{path}?outcome=signpost", data=typed)
    assert refused.status_code == 422
    assert 'href="#urgent_because"' in refused.text
    assert "The library" in refused.text
    typed |= {"urgent_because": "They move.", "consulted": "Mo"}
    assert browser.post(f"{path}?outcome=signpost", data=typed).status_code == 302
    assert sitting.running.announced(DecisionMade)[0].outcome == "signpost"
    assert sitting.running.browser(sitting.member).get(path).status_code == 404


def test_nobody_is_asked_about_a_family_whose_paper_is_not_here_yet(sitting: Sitting) -> None:
    request_id = sitting.asks()
    urgently(sitting, request_id, "allocate", 409, fetches=False)
    assert sitting.running.announced(AllocationOffered) == []
    urgently(sitting, request_id, "allocate")
