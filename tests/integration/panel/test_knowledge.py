"""What agencies know of a family, said before the meeting, on its paper."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.panel.tables import AgencyKnowledgeRow
from shared.audit import audit
from shared.events.referrals import ConsentChanged
from shared.identity import Person
from shared.references import new_reference
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting, a_paper
from tests.integration.panel.test_consent import is_fetched

Start = Callable[..., Running]


class Asked:
    """A meeting with one family, and members of two agencies who are asked what they know."""

    def __init__(self, running: Running, **asks: Any) -> None:
        self.running, self.sitting = running, Sitting(running)
        self.guest = self.sitting.seated_for(self.sitting.agency_id, "Gia Guest")
        self.colleague = self.sitting.seated_for(self.sitting.agency_id, "Colin Colleague")
        self.request_id = self.sitting.asks(**asks)
        self.meeting_id = self.sitting.next_meeting()
        self.item_id = self.sitting.item_at(self.request_id, self.meeting_id)
        self.api = f"/meetings/{self.meeting_id}/papers/{self.item_id}/knowledge"
        self.page = f"/panel{self.api}"
        self.paper = f"/panel/meetings/{self.meeting_id}/papers/{self.item_id}"

    def says(self, person: Person, knows: str = "known", status: int = 200, **more: Any) -> Any:
        return self.sitting.post(person, self.api, {"knows": knows} | more, status)

    def stands(self, reader: Person) -> dict[str, str]:
        return {one["agency"]: one["stands"] for one in self.sitting.get(reader, self.api)["agencies"]}

    def rows(self) -> list[AgencyKnowledgeRow]:
        with self.running.database.read() as session:
            return list(session.scalars(sa.select(AgencyKnowledgeRow).order_by(AgencyKnowledgeRow.said_at)))


@pytest.fixture
def there(start: Start) -> Asked:
    return Asked(start("panel"))


def test_every_agency_with_a_seat_is_listed_and_has_not_answered_at_first(there: Asked) -> None:
    assert there.stands(there.guest) == {"Riverside Housing": "unanswered", "Steps Forward": "unanswered"}


def test_what_a_member_says_is_on_the_paper_for_everybody_who_may_read_it_with_whom_and_when(there: Asked) -> None:
    browser = there.running.browser(there.guest)
    said = browser.post(there.page, data={"knows": "known", "note": "Our worker visits.", "supersedes": ""})
    assert said.status_code == 302
    for reader in (there.sitting.member, there.sitting.chair, there.sitting.coordinator):
        page = there.running.browser(reader).get(there.paper).text
        assert "Our worker visits." in page
        assert "Gia Guest" in page
    assert there.stands(there.sitting.chair)["Steps Forward"] == "known"


def test_a_colleague_supersedes_the_answer_they_have_seen_and_the_earlier_one_is_kept(there: Asked) -> None:
    first = there.says(there.guest, "looking", note="We ask our schools.")["agencies"]
    (mine,) = [one for one in first if one["agency"] == "Steps Forward"]
    there.says(there.colleague, "not_known", supersedes=mine["answer_id"])
    assert there.stands(there.guest)["Steps Forward"] == "not_known"
    assert [(row.knows, row.supersedes_id) for row in there.rows()] == [
        ("looking", None),
        ("not_known", UUID(mine["answer_id"])),
    ]


def test_who_has_not_seen_a_colleagues_answer_is_told_and_loses_nothing_typed(there: Asked) -> None:
    there.says(there.guest, "known", note="Two visits a week.")
    typed = {"knows": "not_known", "note": "Nothing in our files.", "supersedes": ""}
    browser = there.running.browser(there.colleague)
    refused = browser.post(there.page, data=typed)
    assert refused.status_code == 409
    assert "Nothing in our files." in refused.text
    assert "Two visits a week." in refused.text
    (standing,) = there.rows()
    assert f'name="supersedes" value="{standing.id}"' in refused.text
    assert browser.post(there.page, data=typed | {"supersedes": str(standing.id)}).status_code == 302
    assert there.stands(there.guest)["Steps Forward"] == "not_known"


def test_a_second_click_says_nothing_twice(there: Asked) -> None:
    for _ in range(2):
        there.says(there.guest, "known", note="The same.")
    assert len(there.rows()) == 1


def test_of_two_colleagues_at_once_one_is_kept_and_the_other_is_told(there: Asked) -> None:
    browsers = [there.running.browser(person) for person in (there.guest, there.colleague)]
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda one: one.post(there.page, data={"knows": "known"}).status_code, browsers)
    assert sorted(answers) == [302, 409]
    assert len(there.rows()) == 1


def test_a_note_is_bounded_and_an_answer_is_chosen(there: Asked) -> None:
    browser = there.running.browser(there.guest)
    too_long = browser.post(there.page, data={"knows": "known", "note": "x" * 1001})
    assert too_long.status_code == 422
    assert "1,000 characters or fewer" in too_long.text
    assert "Select what your agency knows" in browser.post(there.page, data={"note": "Hm"}).text
    assert there.rows() == []


def test_an_agency_that_the_family_excluded_neither_reads_nor_says_anything(start: Start) -> None:
    there = Asked(start("panel"), not_with=("Steps Forward",))
    there.says(there.guest, status=404)
    there.sitting.get(there.guest, there.api, 404)
    browser = there.running.browser(there.guest)
    assert browser.get(there.page).status_code == 404
    assert browser.post(there.page, data={"knows": "known"}).status_code == 404
    assert there.rows() == []
    assert there.stands(there.sitting.chair)["Steps Forward"] == "excluded"


def test_what_an_agency_said_is_not_shown_once_the_family_excludes_it(there: Asked) -> None:
    there.says(there.guest, note="Our worker visits.")
    paper = a_paper(new_reference(), ("Steps Forward",))
    there.running.neighbours.answers[("referrals", f"/requests/{there.request_id}/paper")] = paper
    there.running.hears(ConsentChanged(there.request_id, there.request_id, new_reference(), "to_share"))
    is_fetched(there.sitting)
    page = there.running.browser(there.sitting.chair).get(there.paper).text
    assert "Our worker visits." not in page
    assert there.stands(there.sitting.chair)["Steps Forward"] == "excluded"


def test_who_declared_a_conflict_says_nothing(there: Asked) -> None:
    body = {"person_id": str(there.guest.person_id), "nature": "A neighbour."}
    there.sitting.post(there.guest, f"/items/{there.item_id}/conflicts", body, 204)
    there.says(there.guest, status=404)
    there.says(there.colleague)


def test_after_the_meeting_nothing_is_said_any_more(there: Asked) -> None:
    there.sitting.opened(there.meeting_id)
    there.says(there.guest, "looking")
    there.sitting.decides(there.item_id, "not_accepted")
    there.sitting.post(there.sitting.chair, f"/meetings/{there.meeting_id}/end", {}, 200)
    there.says(there.colleague, "known", 409)
    refused = there.running.browser(there.colleague).post(there.page, data={"knows": "known", "note": "Too late"})
    assert refused.status_code == 409
    assert "Too late" in refused.text
    assert "Say what your agency knows" not in there.running.browser(there.guest).get(there.paper).text


def test_an_answer_stays_with_a_family_that_is_carried_over(there: Asked) -> None:
    there.says(there.guest, "known", note="Since spring.")
    there.sitting.opened(there.meeting_id)
    there.sitting.decides(there.item_id, "carry_over")
    there.sitting.post(there.sitting.chair, f"/meetings/{there.meeting_id}/end", {}, 200)
    later = there.sitting.next_meeting()
    item_id = there.sitting.item_at(there.request_id, later)
    page = there.running.browser(there.sitting.member).get(f"/panel/meetings/{later}/papers/{item_id}").text
    assert "Since spring." in page


def test_the_audit_keeps_who_said_it_and_not_the_note(there: Asked) -> None:
    there.says(there.guest, "known", note="Our worker visits.")
    with there.running.database.read() as session:
        (line,) = session.execute(sa.select(audit).where(audit.c.did == "said_what_is_known")).mappings()
    assert (line["who"], line["subject_id"]) == (str(there.guest.person_id), str(there.request_id))
    assert line["details"] == {"agency": str(there.sitting.agency_id), "knows": "known"}
