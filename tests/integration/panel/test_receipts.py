"""Who has opened which paper and when, and which agencies are still to answer: for who prepares and chairs the meeting."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from services.panel.tables import AgendaItemRow
from shared.identity import Person
from tests.integration.conftest import Running
from tests.integration.panel.asking import asks, comes, items, next_meeting
from tests.integration.panel.sitting import Sitting

Start = Callable[..., Running]


class Read:
    """A meeting with two families whose papers have gone out."""

    def __init__(self, running: Running) -> None:
        self.running, self.sitting = running, Sitting(running)
        self.guest = self.sitting.seated_for(self.sitting.agency_id, "Gia Guest")
        for _ in range(2):
            asks(running)
        self.meeting = next_meeting(running)
        comes(running, self.meeting.agenda_closes_at)
        self.first, self.second = (item.id for item in items(running, self.meeting.id))
        self.agenda = f"/panel/meetings/{self.meeting.id}"

    def opens(self, person: Person, path: str, at: datetime | None = None) -> None:
        self.running.clock.at = at or self.running.clock.at
        assert self.running.browser(person).get(f"{self.agenda}/{path}").status_code == 200

    def reader(self, person: Person) -> dict[str, Any]:
        found = self.sitting.get(self.sitting.coordinator, f"/meetings/{self.meeting.id}/readers")["readers"]
        return next(one for one in found if one["person_id"] == str(person.person_id))

    def opened(self, person: Person) -> dict[UUID, dict[str, Any]]:
        return {UUID(one["item_id"]): one for one in self.reader(person)["opened"]}


@pytest.fixture
def there(start: Start) -> Read:
    return Read(start("panel"))


def test_nobody_has_opened_anything_at_first_and_that_is_said(there: Read) -> None:
    assert there.reader(there.guest)["not_opened"] == [str(there.first), str(there.second)]
    page = there.running.browser(there.sitting.chair).get(f"{there.agenda}/readers").text
    assert "Nobody yet" in page
    assert "0 of 2" in page


def test_a_page_counts_for_its_family_and_the_pdf_for_every_family_in_it_with_when(there: Read) -> None:
    first, later = datetime(2026, 11, 9, 8, tzinfo=UTC), datetime(2026, 11, 10, 9, tzinfo=UTC)
    there.opens(there.guest, f"papers/{there.first}", first)
    assert list(there.opened(there.guest)) == [there.first]
    there.opens(there.guest, "pack.pdf", later)
    both = there.opened(there.guest)
    assert (both[there.first]["how"], both[there.second]["how"]) == (["page", "pdf"], ["pdf"])
    assert (both[there.first]["first_at"], both[there.first]["last_at"]) == (first.isoformat(), later.isoformat())
    assert (both[there.first]["times"], both[there.second]["times"]) == (2, 1)
    page = there.running.browser(there.sitting.coordinator).get(f"{there.agenda}/readers").text
    assert "2 of 2" in page
    assert "page, PDF, first on 9 November 2026 at 8am, 2 times" in page


def test_what_is_closed_to_somebody_is_neither_opened_by_the_pdf_nor_missed(there: Read) -> None:
    body = {"person_id": str(there.guest.person_id), "nature": "A neighbour."}
    there.sitting.post(there.guest, f"/items/{there.first}/conflicts", body, 204)
    there.opens(there.guest, "pack.pdf")
    reader = there.reader(there.guest)
    assert [one["item_id"] for one in reader["opened"]] == [str(there.second)]
    assert reader["not_opened"] == []
    assert "(conflict)" in there.running.browser(there.sitting.chair).get(f"{there.agenda}/readers").text


def test_a_family_that_left_the_agenda_is_missed_by_nobody(there: Read) -> None:
    with there.running.database.begin() as session:
        session.get_one(AgendaItemRow, there.first).state = "removed"
    page = there.running.browser(there.sitting.chair).get(f"{there.agenda}/readers").text
    assert page.count("Has left the agenda") == 1
    assert "(left the agenda)" not in page
    assert "All 1" in page


def test_a_refused_reading_is_no_receipt(there: Read) -> None:
    there.running.clock.at = datetime(2027, 3, 1, tzinfo=UTC)
    assert there.running.browser(there.guest).get(f"{there.agenda}/papers/{there.first}").status_code == 404
    assert there.opened(there.guest) == {}


def test_only_who_prepares_or_chairs_the_meeting_sees_who_has_read(there: Read) -> None:
    sitting = there.sitting
    people = (sitting.chair, sitting.deputy, sitting.coordinator, sitting.member, there.guest)
    statuses = [there.running.browser(person).get(f"{there.agenda}/readers").status_code for person in people]
    assert statuses == [200, 200, 200, 403, 403]
    sitting.get(sitting.member, f"/meetings/{there.meeting.id}/readers", 403)


def test_the_agencies_to_be_reminded_are_those_that_said_nothing_or_are_still_looking(there: Read) -> None:
    path = f"/meetings/{there.meeting.id}/papers"
    there.sitting.post(there.guest, f"{path}/{there.first}/knowledge", {"knows": "known"}, 200)
    there.sitting.post(there.guest, f"{path}/{there.second}/knowledge", {"knows": "looking"}, 200)
    found = there.sitting.get(there.sitting.chair, f"/meetings/{there.meeting.id}/readers")["outstanding"]
    assert [(one["agency"], one["unanswered"], one["looking"]) for one in found] == [
        ("Riverside Housing", [str(there.first), str(there.second)], []),
        ("Steps Forward", [], [str(there.second)]),
    ]
    for person in (there.guest, there.sitting.member):
        standing = there.sitting.get(person, f"{path}/{there.second}/knowledge")["agencies"]
        mine = next(one for one in standing if one["answer_id"] or person is there.sitting.member)
        body = {"knows": "not_known", "supersedes": mine["answer_id"] if person is there.guest else None}
        there.sitting.post(person, f"{path}/{there.second}/knowledge", body, 200)
    there.sitting.post(there.sitting.member, f"{path}/{there.first}/knowledge", {"knows": "not_known"}, 200)
    page = there.running.browser(there.sitting.coordinator).get(f"{there.agenda}/readers").text
    assert "Every agency has answered about every family." in page
