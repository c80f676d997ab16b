"""Minutes from draft to approved: kept back, corrected, approved at a later meeting, and added to from then on."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from services.panel.jobs.papers import fetch_papers
from services.panel.tables import ActionRow, DecisionRow, DocumentRow, MinutesApprovalRow, MinutesRow, PanelRow
from shared.events.panel import MinutesIssued
from shared.identity import Person
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def ended(sitting: Sitting, *, minutes: str = "now", outcome: str = "plan_advice", **given: Any) -> tuple[UUID, UUID]:
    """Hold a meeting of one family; return the meeting and the item."""
    request_id = sitting.asks()
    meeting_id = sitting.opened(sitting.next_meeting())
    item_id = sitting.item_at(request_id, meeting_id)
    sitting.decides(item_id, outcome, **given)
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {"minutes": minutes}, 200)
    return meeting_id, item_id


def approves(sitting: Sitting, meeting_id: UUID, at: UUID, status: int = 204, **given: Any) -> Any:
    body = {"at_meeting_id": str(at)} | given
    return sitting.post(sitting.chair, f"/meetings/{meeting_id}/minutes/approval", body, status)


def page(sitting: Sitting, person: Person, meeting_id: UUID) -> str:
    text: str = sitting.running.browser(person).get(f"/panel/meetings/{meeting_id}/minutes").text
    return text


def newest_pdf(sitting: Sitting, meeting_id: UUID) -> str:
    pdf = sitting.running.browser(sitting.chair).get(f"/panel/meetings/{meeting_id}/minutes.pdf").data
    return "\n".join(one.extract_text() for one in PdfReader(BytesIO(pdf)).pages)


def corrected(sitting: Sitting, item_id: UUID, **given: Any) -> None:
    with sitting.running.database.read() as session:
        standing = session.scalars(sa.select(DecisionRow.id).order_by(DecisionRow.decided_at.desc()).limit(1)).one()
    sitting.decides(item_id, "plan_advice", supersedes=str(standing), **given)


def test_minutes_can_be_checked_before_the_members_get_them(sitting: Sitting) -> None:
    meeting_id, item_id = ended(sitting, minutes="later")
    assert sitting.running.announced(MinutesIssued) == []
    assert sitting.running.browser(sitting.member).get(f"/panel/meetings/{meeting_id}/minutes").status_code == 404
    assert sitting.running.browser(sitting.chair).get(f"/panel/meetings/{meeting_id}/minutes.pdf").status_code == 404
    assert "The members do not see these minutes yet" in page(sitting, sitting.coordinator, meeting_id)
    corrected(sitting, item_id, reasons="Put right before it went out.")
    assert sitting.running.announced(MinutesIssued) == []
    sitting.post(sitting.member, f"/meetings/{meeting_id}/minutes", {}, 403)
    browser = sitting.running.browser(sitting.coordinator)
    assert browser.post(f"/panel/meetings/{meeting_id}/minutes/issue").status_code == 302
    assert browser.post(f"/panel/meetings/{meeting_id}/minutes/issue").status_code == 409
    assert len(sitting.running.announced(MinutesIssued)) == 1
    assert "Put right before it went out." in page(sitting, sitting.member, meeting_id)


def test_minutes_that_have_not_gone_out_in_time_are_shown_as_late(sitting: Sitting) -> None:
    meeting_id, _ = ended(sitting, minutes="later")
    browser = sitting.running.browser(sitting.coordinator)
    assert "Not issued yet" in browser.get("/panel/minutes").text
    sitting.running.clock.at += timedelta(days=20)
    assert "The minutes of 1 meeting have not gone out in time" in browser.get("/panel/minutes").text
    [first, *_] = sitting.get(sitting.coordinator, "/minutes")["minutes"]
    assert (first["meeting_id"], first["is_overdue"]) == (str(meeting_id), True)
    sitting.post(sitting.coordinator, f"/meetings/{meeting_id}/minutes", {}, 204)
    states = {one["meeting_id"]: one["state"] for one in sitting.get(sitting.coordinator, "/minutes")["minutes"]}
    assert states[str(meeting_id)] == "DRAFT"


def test_a_member_proposes_a_correction_and_the_note_takers_answer_stands_in_the_next_version(
    sitting: Sitting,
) -> None:
    meeting_id, item_id = ended(sitting)
    typed = {"item_id": str(item_id), "text": "The nursery was asked, not the school"}
    browser = sitting.running.browser(sitting.member)
    assert browser.post(f"/panel/meetings/{meeting_id}/minutes/corrections", data=typed).status_code == 302
    assert "no answer yet" in page(sitting, sitting.member, meeting_id)
    assert "The nursery was asked" not in page(sitting, sitting.deputy, meeting_id).split("Proposed corrections")[0]
    with sitting.running.database.read() as session:
        proposal_id = session.scalar(sa.text("SELECT id FROM proposed_correction"))
    answer = {"answer": "accepted", "correction": "The nursery was asked."}
    sitting.post(sitting.member, f"/minutes-corrections/{proposal_id}", answer, 403)
    address = f"/panel/meetings/{meeting_id}/minutes/corrections/{proposal_id}"
    coordinator = sitting.running.browser(sitting.coordinator)
    waits = '<a class="govuk-link" href="#proposed">1 proposed correction waits for an answer</a>'
    assert waits in page(sitting, sitting.coordinator, meeting_id)
    assert waits not in page(sitting, sitting.member, meeting_id)
    assert "The nursery was asked" in coordinator.get(address).text
    assert coordinator.post(address, data={"answer": "accepted", "correction": ""}).status_code == 422
    assert coordinator.post(address, data=answer).status_code == 302
    assert coordinator.post(address, data=answer).status_code == 409
    assert "Item 1: The nursery was asked." in newest_pdf(sitting, meeting_id)
    assert "Version 2" in page(sitting, sitting.member, meeting_id)


def test_a_correction_that_is_not_accepted_says_why_and_changes_nothing(sitting: Sitting) -> None:
    meeting_id, _ = ended(sitting)
    made = sitting.post(sitting.member, f"/meetings/{meeting_id}/minutes/corrections", {"text": "I was not late"})
    body = {"answer": "not_accepted", "reason": "The list at the door says so"}
    sitting.post(sitting.coordinator, f"/minutes-corrections/{made['proposal_id']}", body, 200)
    assert "The list at the door says so" in page(sitting, sitting.member, meeting_id)
    with sitting.running.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(MinutesRow)) == 1


def test_a_later_meeting_approves_them_once_and_nothing_changes_them_from_then_on(sitting: Sitting) -> None:
    meeting_id, item_id = ended(sitting)
    later = sitting.opened(sitting.next_meeting())
    proposal = sitting.post(sitting.member, f"/meetings/{meeting_id}/minutes/corrections", {"text": "Not right"})
    approves(sitting, meeting_id, later, 409)
    answer = {"answer": "not_accepted", "reason": "It is"}
    sitting.post(sitting.coordinator, f"/minutes-corrections/{proposal['proposal_id']}", answer, 200)
    approves(sitting, meeting_id, later)
    approves(sitting, meeting_id, later, 409)
    with sitting.running.database.read() as session:
        approval = session.scalars(sa.select(MinutesApprovalRow)).one()
        approved = session.scalars(sa.select(DocumentRow).where(DocumentRow.version == 2)).one().pdf
    assert (approval.approved_at_meeting_id, approval.chaired_by) == (later, sitting.chair.person_id)
    said = newest_pdf(sitting, meeting_id)
    assert "APPROVED" in said
    sitting.post(sitting.member, f"/meetings/{meeting_id}/minutes/corrections", {"text": "Still not right"}, 409)
    corrected(sitting, item_id, reasons="Put right after it was approved.")
    with sitting.running.database.read() as session:
        assert session.scalars(sa.select(DocumentRow).where(DocumentRow.version == 2)).one().pdf == approved
    said = newest_pdf(sitting, meeting_id)
    assert said.index("Because it fits.") < said.index("Addendum 1") < said.index("Put right after it was approved.")
    assert [fact.state for fact in sitting.running.announced(MinutesIssued)] == ["draft", "approved", "addendum"]


def test_that_minutes_are_approved_is_told_to_members_and_to_who_has_something_to_do(sitting: Sitting) -> None:
    named = [
        sitting.action(person_id=str(one.person_id), due_on="2027-06-01") for one in (sitting.lead, sitting.other_lead)
    ]
    theirs = [named[0], named[0] | {"what": "Ring the GP"}, named[1] | {"agency_id": str(sitting.other_agency_id)}]
    meeting_id, _ = ended(sitting, actions=theirs)
    with sitting.running.database.read() as session:
        [done] = session.scalars(
            sa.select(ActionRow.id).where(ActionRow.owner_person_id == sitting.other_lead.person_id)
        )
    sitting.post(sitting.other_lead, f"/actions/{done}/marks", {"mark": "done"})
    approves(sitting, meeting_id, sitting.opened(sitting.next_meeting()))
    [draft, approved] = sitting.running.announced(MinutesIssued)
    seated = {person.person_id for person in (sitting.chair, sitting.deputy, sitting.member, sitting.coordinator)}
    assert (approved.state, set(approved.member_ids)) == ("approved", seated)
    assert (draft.owner_ids, approved.owner_ids) == ((), (sitting.lead.person_id,))


def test_an_addendum_in_words_is_added_by_who_runs_the_panel_to_approved_minutes_only(sitting: Sitting) -> None:
    meeting_id, _ = ended(sitting)
    body = {"words": "The police were there too."}
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/minutes/addenda", body, 409)
    approves(sitting, meeting_id, sitting.opened(sitting.next_meeting()))
    sitting.post(sitting.member, f"/meetings/{meeting_id}/minutes/addenda", body, 403)
    browser = sitting.running.browser(sitting.coordinator)
    empty = browser.post(f"/panel/meetings/{meeting_id}/minutes/addenda", data={"words": ""})
    assert empty.status_code == 422
    assert browser.post(f"/panel/meetings/{meeting_id}/minutes/addenda", data=body).status_code == 302
    assert "The police were there too." in page(sitting, sitting.member, meeting_id)


def test_minutes_are_approved_at_a_later_meeting_of_the_same_panel_that_sits(sitting: Sitting) -> None:
    meeting_id, _ = ended(sitting)
    approves(sitting, meeting_id, meeting_id, 409)
    elsewhere = Sitting(sitting.running, panel_key="step-down")
    other = elsewhere.opened(elsewhere.next_meeting())
    approves(sitting, meeting_id, other, 404)
    planned = sitting.next_meeting()
    approves(sitting, meeting_id, planned, 409)


def test_the_chair_approves_them_on_the_page_of_the_meeting_that_sits(sitting: Sitting) -> None:
    meeting_id, _ = ended(sitting)
    later = sitting.opened(sitting.next_meeting())
    browser = sitting.running.browser(sitting.chair)
    address = f"/panel/meetings/{later}/meeting/earlier-minutes"
    assert "Correct it first on the page of those minutes" in browser.get(address).text
    assert browser.post(address, data={}).status_code == 422
    assert browser.post(address, data={"minutes_of": str(meeting_id)}).status_code == 302
    assert "were approved at this meeting." in browser.get(address).text
    sitting.post(sitting.chair, f"/meetings/{later}/end", {}, 200)
    assert "were approved." in newest_pdf(sitting, later)


def test_matters_arising_are_the_actions_of_earlier_meetings_and_how_they_stand(sitting: Sitting) -> None:
    ended(sitting)
    later = sitting.opened(sitting.next_meeting())
    sitting.post(sitting.chair, f"/meetings/{later}/end", {}, 200)
    arising = sitting.get(sitting.chair, f"/meetings/{later}/minutes")["content"]["arising"]
    assert [(one["what"], one["state"]) for one in arising] == [("Ring the school", "Overdue")]
    [action] = sitting.get(sitting.lead, "/actions")["actions"]
    sitting.post(sitting.lead, f"/actions/{action['action_id']}/marks", {"mark": "done", "note": "Rang twice"})
    assert "Overdue" in newest_pdf(sitting, later)
    third = sitting.opened(sitting.next_meeting())
    sitting.post(sitting.chair, f"/meetings/{third}/end", {}, 200)
    [one] = sitting.get(sitting.chair, f"/meetings/{third}/minutes")["content"]["arising"]
    assert (one["state"], one["note"]) == ("Done", "Rang twice")
    fourth = sitting.opened(sitting.next_meeting())
    sitting.post(sitting.chair, f"/meetings/{fourth}/end", {}, 200)
    assert sitting.get(sitting.chair, f"/meetings/{fourth}/minutes")["content"]["arising"] == []


def test_what_arises_from_an_item_with_a_conflict_is_left_out_for_that_member(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting_id = sitting.opened(sitting.next_meeting())
    item_id = sitting.item_at(request_id, meeting_id)
    declared = {"person_id": str(sitting.member.person_id), "nature": "They are neighbours"}
    sitting.post(sitting.chair, f"/items/{item_id}/conflicts", declared, 204)
    sitting.decides(item_id, "plan_advice")
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {}, 200)
    later = sitting.opened(sitting.next_meeting())
    sitting.post(sitting.chair, f"/meetings/{later}/end", {}, 200)
    assert "Ring the school" in page(sitting, sitting.deputy, later)
    assert "Ring the school" not in page(sitting, sitting.member, later)
    member = sitting.get(sitting.member, f"/meetings/{later}/minutes")["content"]
    assert (member["arising"], member["left_out"]) == ([], 1)


def test_the_minutes_say_how_many_were_there_and_who_declared_what(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting_id = sitting.opened(sitting.next_meeting())
    item_id = sitting.item_at(request_id, meeting_id)
    declared = {"person_id": str(sitting.member.person_id), "nature": "They are neighbours"}
    sitting.post(sitting.chair, f"/items/{item_id}/conflicts", declared, 204)
    sitting.decides(item_id, "plan_advice")
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {}, 200)
    content = sitting.get(sitting.chair, f"/meetings/{meeting_id}/minutes")["content"]
    assert content["attended"] == "2 of 4 people were there, from 1 agency"
    assert content["conflicts"] == [
        {"item": str(item_id), "number": 1, "name": "Mo Member", "nature": "They are neighbours"}
    ]
    assert content["times"].startswith("Opened at ")


@pytest.mark.parametrize(("agencies", "said"), [(1, "Reached."), (3, "Not reached: missing 2 more agencies.")])
def test_the_minutes_show_the_quorum_where_there_is_one(sitting: Sitting, agencies: int, said: str) -> None:
    with sitting.running.database.begin() as session:
        session.execute(sa.update(PanelRow).values(quorum_agencies=agencies, quorum_chair=True))
    meeting_id, _ = ended(sitting)
    content = sitting.get(sitting.chair, f"/meetings/{meeting_id}/minutes")["content"]
    assert content["quorum"].endswith(said)
    assert "the chair or a deputy" in content["quorum"]
    assert said.split(":")[0] in newest_pdf(sitting, meeting_id)


def test_the_minutes_say_what_the_meeting_did_about_an_urgent_decision(sitting: Sitting) -> None:
    why = {"urgent_because": "They move on Monday.", "consulted": "Mo Member, by telephone"}
    path = f"/requests/{sitting.asks()}/urgent-decision"
    while fetch_papers(sitting.running.resources):
        pass
    made = sitting.post(sitting.chair, path, sitting.decision("signpost") | why)
    meeting_id = sitting.opened(sitting.next_meeting())
    with sitting.running.database.read() as session:
        item_id = session.scalars(sa.text("SELECT agenda_item_id FROM ratification")).one()
    body = {"decision_id": made["decision_id"], "note": "All agreed"}
    sitting.post(sitting.coordinator, f"/items/{item_id}/ratification", body, 204)
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {}, 200)
    said = newest_pdf(sitting, meeting_id)
    for words in ("They move on Monday.", "Ratified at this meeting", "All agreed"):
        assert words in said


def test_what_arises_stays_left_out_when_the_decision_behind_it_is_corrected_later(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting_id = sitting.opened(sitting.next_meeting())
    item_id = sitting.item_at(request_id, meeting_id)
    declared = {"person_id": str(sitting.member.person_id), "nature": "They are neighbours"}
    sitting.post(sitting.chair, f"/items/{item_id}/conflicts", declared, 204)
    sitting.decides(item_id, "plan_advice")
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {}, 200)
    later = sitting.opened(sitting.next_meeting())
    sitting.post(sitting.chair, f"/meetings/{later}/end", {}, 200)
    corrected(sitting, item_id, reasons="Put right.")
    assert "Ring the school" not in page(sitting, sitting.member, later)
    assert sitting.get(sitting.member, f"/meetings/{later}/minutes")["content"]["arising"] == []


def test_nobody_answers_a_correction_of_an_item_that_is_closed_to_them_or_of_another_panel(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting_id = sitting.opened(sitting.next_meeting())
    item_id = sitting.item_at(request_id, meeting_id)
    declared = {"person_id": str(sitting.deputy.person_id), "nature": "They are neighbours"}
    sitting.post(sitting.chair, f"/items/{item_id}/conflicts", declared, 204)
    sitting.decides(item_id, "plan_advice")
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {}, 200)
    typed = {"item_id": str(item_id), "text": "The nursery was asked, not the school"}
    made = sitting.post(sitting.member, f"/meetings/{meeting_id}/minutes/corrections", typed)
    elsewhere = Sitting(sitting.running, panel_key="step-down")
    other = elsewhere.opened(elsewhere.next_meeting())
    elsewhere.post(elsewhere.chair, f"/meetings/{other}/end", {}, 200)
    body = {"answer": "not_accepted", "reason": "It was not"}
    for who, at in ((sitting.deputy, meeting_id), (elsewhere.chair, other)):
        address = f"/panel/meetings/{at}/minutes/corrections/{made['proposal_id']}"
        for answer in (
            sitting.running.browser(who).get(address),
            sitting.running.browser(who).post(address, data=body),
        ):
            assert answer.status_code == 404
            assert "The nursery" not in answer.text
        sitting.post(who, f"/minutes-corrections/{made['proposal_id']}", body, 404)
    sitting.post(sitting.chair, f"/minutes-corrections/{made['proposal_id']}", body, 200)
