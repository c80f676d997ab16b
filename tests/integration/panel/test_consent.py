"""What a family says about sharing now decides who reads and who is told, whatever was circulated before."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from services.panel.actions.agenda import AgendaMoved, close_agenda
from services.panel.actions.consent import keep_newest_paper
from services.panel.actions.papers import claim_wanted_paper
from services.panel.jobs.papers import fetch_papers
from services.panel.rules.allocations import panel_choices
from services.panel.tables import AgendaItemRow, AllocationRow, CirculatedItemRow, PaperWantedRow, QueueEntryRow
from shared.events.panel import AllocationWithdrawn
from shared.events.referrals import ConsentChanged
from shared.identity import Person
from shared.references import new_reference
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.panel.asking import next_meeting
from tests.integration.panel.sitting import Sitting, a_paper
from tests.integration.panel.test_allocations import sent_to_service, standing

EXCLUDED = ("Steps Forward",)


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


class Circulated:
    """A meeting in session with one family, whose paper everybody could read when it was circulated."""

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting
        self.guest = a_person("panel_member", agency_id=sitting.agency_id)
        seat = {"seat": "member", "agency_id": str(sitting.agency_id), "person_id": str(self.guest.person_id)}
        sitting.post(sitting.coordinator, "/panels/ehap/seats", [seat])
        self.request_id = sitting.asks()
        self.meeting_id = sitting.opened(sitting.next_meeting())
        self.item_id = sitting.item_at(self.request_id, self.meeting_id)

    def status(self, person: Person) -> int:
        path = f"/panel/meetings/{self.meeting_id}/papers/{self.item_id}"
        return self.sitting.running.browser(person).get(path).status_code

    def on_agenda(self, person: Person) -> tuple[str, bool]:
        """Return how the paper stands for a person, and whether they see what it tells of the family."""
        [item] = self.sitting.get(person, f"/meetings/{self.meeting_id}/agenda")["items"]
        return item["paper"], bool(item["ages"] or item["needs"])

    def is_in_pack_of(self, person: Person) -> bool:
        answer = self.sitting.running.browser(person).get(f"/panel/meetings/{self.meeting_id}/pack.pdf")
        return any("They shout." in page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)


def answers_anew(sitting: Sitting, request_id: UUID, *, not_with: tuple[str, ...] = (), is_given: bool = True) -> None:
    """Let the family answer anew about sharing; the paper with its answer can be fetched, and is not fetched yet."""
    paper = a_paper(new_reference(), not_with)
    paper["consent"]["may_share"] = is_given
    sitting.running.neighbours.answers[("referrals", f"/requests/{request_id}/paper")] = paper
    sitting.running.hears(ConsentChanged(request_id, uuid4(), new_reference(), "to_share"))


def is_fetched(sitting: Sitting) -> None:
    while fetch_papers(sitting.running.resources):
        pass


def request_of(sitting: Sitting, allocation_id: UUID) -> UUID:
    with sitting.running.database.read() as session:
        return session.get_one(AllocationRow, allocation_id).request_id


def test_until_the_newest_answer_is_fetched_only_who_prepares_and_who_takes_notes_reads_the_paper(
    sitting: Sitting,
) -> None:
    there = Circulated(sitting)
    everybody = (sitting.chair, sitting.deputy, sitting.member, there.guest, sitting.coordinator)
    assert [there.status(person) for person in everybody] == [200] * 5
    answers_anew(sitting, there.request_id)
    assert [there.status(person) for person in everybody] == [404, 404, 404, 404, 200]
    assert there.on_agenda(sitting.chair) == ("awaited", False)
    assert there.on_agenda(sitting.coordinator) == ("ready", True)
    assert [there.is_in_pack_of(person) for person in (sitting.member, sitting.coordinator)] == [False, True]
    is_fetched(sitting)
    assert [there.status(person) for person in everybody] == [200] * 5
    assert there.on_agenda(sitting.chair) == ("ready", True)


def test_who_takes_the_notes_of_the_meeting_reads_on(sitting: Sitting) -> None:
    request_id, meeting_id = sitting.asks(), sitting.next_meeting()
    body = {"chaired_by": str(sitting.chair.person_id), "notes_by": str(sitting.member.person_id)}
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/open", body, 200)
    answers_anew(sitting, request_id)
    path = f"/panel/meetings/{meeting_id}/papers/{sitting.item_at(request_id, meeting_id)}"
    assert sitting.running.browser(sitting.member).get(path).status_code == 200
    assert sitting.running.browser(sitting.deputy).get(path).status_code == 404


def test_a_member_of_an_agency_that_the_family_excludes_now_reads_neither_paper_nor_pack(sitting: Sitting) -> None:
    there = Circulated(sitting)
    answers_anew(sitting, there.request_id, not_with=EXCLUDED)
    is_fetched(sitting)
    assert (there.status(there.guest), there.status(sitting.member)) == (404, 200)
    assert (there.is_in_pack_of(there.guest), there.is_in_pack_of(sitting.member)) == (False, True)
    assert there.on_agenda(there.guest) == ("excluded", False)
    path = f"/panel/meetings/{there.meeting_id}/papers/{there.item_id}"
    assert "does not want your agency to read it" in sitting.running.browser(there.guest).get(path).text


def test_who_was_excluded_and_no_longer_is_reads_the_paper(sitting: Sitting) -> None:
    there = Circulated(sitting)
    for not_with, status in ((EXCLUDED, 404), ((), 200)):
        answers_anew(sitting, there.request_id, not_with=not_with)
        is_fetched(sitting)
        assert there.status(there.guest) == status


def test_where_the_family_no_longer_shares_only_who_has_to_act_on_it_reads(sitting: Sitting) -> None:
    there = Circulated(sitting)
    answers_anew(sitting, there.request_id, is_given=False)
    is_fetched(sitting)
    assert [there.status(person) for person in (sitting.chair, sitting.member, sitting.coordinator)] == [404, 404, 200]
    assert there.on_agenda(sitting.member) == ("not_shared", False)


def test_what_was_circulated_stays_on_record(sitting: Sitting) -> None:
    there = Circulated(sitting)

    def kept() -> tuple[UUID | None, dict[str, Any]]:
        with sitting.running.database.read() as session:
            contents = session.get_one(CirculatedItemRow, there.item_id).contents
            return session.get_one(AgendaItemRow, there.item_id).paper_id, contents

    before = kept()
    answers_anew(sitting, there.request_id, not_with=EXCLUDED)
    is_fetched(sitting)
    assert kept() == before


def test_a_paper_that_was_asked_for_before_the_answer_changed_opens_nothing(sitting: Sitting) -> None:
    there = Circulated(sitting)
    answers_anew(sitting, there.request_id)
    with sitting.running.database.begin() as session:
        claimed = claim_wanted_paper(session)
        assert claimed is not None
    answers_anew(sitting, there.request_id, not_with=EXCLUDED)
    panels, now = panel_choices(sitting.running.resources.authority), sitting.running.clock.at
    with sitting.running.database.begin() as session:
        keep_newest_paper(session, claimed, a_paper(new_reference()), panels=panels, now=now)
    assert (there.status(sitting.member), there.status(there.guest)) == (404, 404)
    is_fetched(sitting)
    assert (there.status(sitting.member), there.status(there.guest)) == (200, 404)


def test_a_paper_that_arrives_late_is_not_taken_for_the_newest(sitting: Sitting) -> None:
    there = Circulated(sitting)
    answers_anew(sitting, there.request_id)
    with sitting.running.database.begin() as session:
        claimed = claim_wanted_paper(session)
        assert claimed is not None
    answers_anew(sitting, there.request_id, not_with=EXCLUDED)
    is_fetched(sitting)
    panels, now = panel_choices(sitting.running.resources.authority), sitting.running.clock.at
    with sitting.running.database.begin() as session:
        keep_newest_paper(session, claimed, a_paper(new_reference()), panels=panels, now=now)
    assert (there.status(sitting.member), there.status(there.guest)) == (200, 404)


def test_an_agenda_is_not_closed_with_a_paper_that_the_family_has_outrun(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting, running = next_meeting(sitting.running), sitting.running
    asked_at = running.clock.at
    answers_anew(sitting, request_id)
    papers = {request_id: a_paper(new_reference())}
    with pytest.raises(AgendaMoved), running.database.begin() as session:
        close_agenda(
            session, meeting.id, papers, asked_at=asked_at, authority=running.resources.authority, now=running.clock.at
        )


def test_what_a_family_says_about_research_closes_nothing(sitting: Sitting) -> None:
    there = Circulated(sitting)
    sitting.running.hears(ConsentChanged(there.request_id, uuid4(), new_reference(), "to_research"))
    assert there.status(sitting.member) == 200
    asked = len(sitting.running.neighbours.asked)
    is_fetched(sitting)
    assert len(sitting.running.neighbours.asked) == asked + 1


def test_an_answer_about_a_request_that_the_panel_never_had_asks_for_nothing(sitting: Sitting) -> None:
    sitting.running.hears(ConsentChanged(uuid4(), uuid4(), new_reference(), "to_share"))
    with sitting.running.database.read() as session:
        assert session.scalars(sa.select(PaperWantedRow)).all() == []


def test_a_meeting_offers_no_family_to_an_agency_that_it_excludes_now(sitting: Sitting) -> None:
    there = Circulated(sitting)
    answers_anew(sitting, there.request_id, not_with=EXCLUDED)
    sitting.decides(there.item_id, "allocate", 409)
    is_fetched(sitting)
    problem = sitting.decides(there.item_id, "allocate", 422)
    assert "/service_id" in str(problem["errors"])
    sitting.decides(there.item_id, "allocate", service_id=str(sitting.other_service_id))


def test_an_open_offer_to_an_agency_that_the_family_excludes_goes_back_to_the_queue(sitting: Sitting) -> None:
    allocation_id = sitting.offered()
    request_id = request_of(sitting, allocation_id)
    answers_anew(sitting, request_id, not_with=EXCLUDED)
    is_fetched(sitting)
    with sitting.running.database.read() as session:
        assert session.get_one(AllocationRow, allocation_id).state == "withdrawn"
        waiting = session.scalars(sa.select(QueueEntryRow).where(QueueEntryRow.state == "placed")).one()
    assert (waiting.request_id, waiting.why) == (request_id, "consent_changed")
    assert "Consent changed" in sitting.running.browser(sitting.coordinator).get("/panel/queue").text
    body = {"practitioner_id": str(sitting.lead.person_id)}
    sitting.post(sitting.manager, f"/allocations/{allocation_id}/acceptance", body, 409)
    [withdrawn] = sitting.running.announced(AllocationWithdrawn)
    assert (withdrawn.allocation_id, withdrawn.agency_id) == (allocation_id, sitting.agency_id)
    assert withdrawn.because == "consent_changed"


def test_who_corrects_a_decision_whose_offer_the_family_ruled_out_is_told_so(sitting: Sitting) -> None:
    there = Circulated(sitting)
    made = sitting.decides(there.item_id, "allocate")
    answers_anew(sitting, there.request_id, not_with=EXCLUDED)
    is_fetched(sitting)
    problem = sitting.decides(there.item_id, "signpost", 409, supersedes=made["decision_id"])
    assert "offer was taken back" in problem["detail"]


def test_a_family_sent_straight_to_an_agency_that_it_excludes_is_heard_by_a_panel(sitting: Sitting) -> None:
    request_id = sent_to_service(sitting)
    sitting.running.neighbours.answers[("referrals", f"/requests/{request_id}/paper")] = a_paper(
        new_reference(), EXCLUDED
    )
    is_fetched(sitting)
    assert standing(sitting, request_id) == ["queued"]


def test_an_open_offer_to_another_agency_stays_open(sitting: Sitting) -> None:
    allocation_id = sitting.offered()
    answers_anew(sitting, request_of(sitting, allocation_id), not_with=("Riverside Housing",))
    is_fetched(sitting)
    assert sitting.get(sitting.manager, f"/allocations/{allocation_id}")["state"] == "offered"


def test_an_agency_neither_reads_nor_accepts_while_the_answer_is_awaited(sitting: Sitting) -> None:
    allocation_id = sitting.offered()
    answers_anew(sitting, request_of(sitting, allocation_id))
    answer = sitting.get(sitting.manager, f"/allocations/{allocation_id}")
    assert (answer["paper"], answer["paper_closed"]) == (None, "awaited")
    assert "They shout." not in sitting.running.browser(sitting.manager).get(f"/panel/allocations/{allocation_id}").text
    body = {"practitioner_id": str(sitting.lead.person_id)}
    sitting.post(sitting.manager, f"/allocations/{allocation_id}/acceptance", body, 409)
    is_fetched(sitting)
    sitting.post(sitting.manager, f"/allocations/{allocation_id}/acceptance", body)


def test_whoever_leads_the_plan_no_longer_reads_what_the_family_closed_to_the_agency(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    with sitting.running.database.read() as session:
        request_id = session.scalars(sa.select(AllocationRow.request_id)).one()
    answers_anew(sitting, request_id, not_with=EXCLUDED)
    is_fetched(sitting)
    page = sitting.running.browser(sitting.lead).get(f"/panel/plans/{plan_id}").text
    assert "The family does not want your agency to read it" in page
    assert "They shout." not in page
    assert "Record a review" in page


def test_the_minutes_tell_an_excluded_agency_nothing_of_the_family(sitting: Sitting) -> None:
    there = Circulated(sitting)
    sitting.decides(there.item_id, "signpost", reasons="The school says so.")
    sitting.post(sitting.chair, f"/meetings/{there.meeting_id}/end", {"not_heard_because": "capacity"}, 200)
    answers_anew(sitting, there.request_id, not_with=EXCLUDED)
    is_fetched(sitting)
    path = f"/panel/meetings/{there.meeting_id}/minutes"
    assert "The school says so." in sitting.running.browser(sitting.member).get(path).text
    page = sitting.running.browser(there.guest).get(path).text
    assert "The school says so." not in page
    assert "1 of the items or actions is not shown to you" in page
