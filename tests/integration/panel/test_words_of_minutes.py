"""What is written about minutes stands at an item, and is read by whoever may know of its family."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.panel.tables import MinutesRow
from shared.identity import Person
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting
from tests.integration.panel.test_minutes_approval import approves, newest_pdf, page


class Held:
    """A meeting of two families that has ended, with a deputy who has a conflict with the first."""

    def __init__(self, running: Running) -> None:
        self.sitting = sitting = Sitting(running)
        request_ids = [sitting.asks(), sitting.asks()]
        self.meeting_id = sitting.opened(sitting.next_meeting())
        items = [sitting.item(request_id) for request_id in request_ids]
        self.first, self.second = sorted(items, key=lambda item: item.number or 0)
        body = {"person_id": str(sitting.deputy.person_id), "nature": "A neighbour."}
        sitting.post(sitting.deputy, f"/items/{self.first.id}/conflicts", body, 204)
        for item in (self.first, self.second):
            sitting.decides(item.id, "plan_advice")
        sitting.post(sitting.chair, f"/meetings/{self.meeting_id}/end", {}, 200)

    def approved(self) -> None:
        approves(self.sitting, self.meeting_id, self.sitting.opened(self.sitting.next_meeting()))

    def adds(self, words: str, item_id: UUID | None = None, status: int = 204, by: Person | None = None) -> Any:
        body = {"words": words, "item_id": str(item_id) if item_id else None}
        return self.sitting.post(by or self.sitting.chair, f"/meetings/{self.meeting_id}/minutes/addenda", body, status)

    def proposes(self, text: str, item_id: UUID | None = None, status: int = 201) -> Any:
        body = {"text": text, "item_id": str(item_id) if item_id else None}
        return self.sitting.post(self.sitting.member, f"/meetings/{self.meeting_id}/minutes/corrections", body, status)

    def read_by(self, person: Person) -> str:
        pdf = self.sitting.running.browser(person).get(f"/panel/meetings/{self.meeting_id}/minutes.pdf")
        assert pdf.status_code == 200
        return page(self.sitting, person, self.meeting_id) + str(
            self.sitting.get(person, f"/meetings/{self.meeting_id}/minutes")["content"]
        )


@pytest.fixture
def held(start: Callable[..., Running]) -> Held:
    return Held(start("panel"))


def test_an_addendum_is_read_by_whoever_may_read_the_item_that_it_is_about(held: Held) -> None:
    held.approved()
    held.adds("The police came too.", held.first.id)
    held.adds("Everybody thanked the caretaker.")
    member, deputy = held.read_by(held.sitting.member), held.read_by(held.sitting.deputy)
    assert "Addendum 1, to item 1" in member
    assert "The police came too." in member
    assert "Addendum 1, to item 1" in newest_pdf(held.sitting, held.meeting_id)
    assert "The police came too." not in deputy
    for said in (member, deputy):
        assert "Addendum 2" in said
        assert "Everybody thanked the caretaker." in said


def test_nobody_adds_at_an_item_that_is_closed_to_them(held: Held) -> None:
    held.approved()
    held.adds("I know better.", held.first.id, 422, by=held.sitting.deputy)
    held.adds("A word is missing.", held.second.id, by=held.sitting.deputy)


def test_words_name_no_other_family_than_that_of_their_item(held: Held) -> None:
    first, second = held.first, held.second
    made = held.proposes("In item 2 the day is wrong.", second.id)
    assert "Select that item" in str(held.proposes("In item 2 the day is wrong.", status=422))
    held.proposes(f"It was {first.reference.lower()} that was late.", second.id, 422)
    answer = {"answer": "accepted", "correction": "Items 1 and 2 were heard together.", "reason": ""}
    path = f"/minutes-corrections/{made['proposal_id']}"
    assert "'/correction'" in str(held.sitting.post(held.sitting.chair, path, answer, 422))
    held.sitting.post(held.sitting.chair, path, answer | {"correction": "Item 2 was on Monday."}, 200)
    held.approved()
    held.adds("Item 1 was not as it says.", status=422)
    page_of = held.sitting.running.browser(held.sitting.chair)
    typed = {"words": f"{first.reference} moved.", "item_id": ""}
    refused = page_of.post(f"/panel/meetings/{held.meeting_id}/minutes/addenda", data=typed)
    assert refused.status_code == 422
    assert "This names item 1" in refused.text


def test_words_from_before_they_stood_at_an_item_are_read_by_whoever_may_read_of_every_family(held: Held) -> None:
    held.approved()
    held.adds("A word about somebody.")
    with held.sitting.running.database.begin() as session:
        newest = session.scalars(sa.select(MinutesRow).where(MinutesRow.state == "addendum")).one()
        old = [{key: value for key, value in one.items() if key[:5] != "about"} for one in newest.content["addenda"]]
        approval = newest.content["approval"] | {"corrections": "Somebody is not as it says."}
        # As such a version was kept: nothing but the owner of the tables changes one.
        newest.content = newest.content | {"addenda": old, "approval": approval}
    member, deputy = held.read_by(held.sitting.member), held.read_by(held.sitting.deputy)
    for words in ("A word about somebody.", "Somebody is not as it says."):
        assert words in member
        assert words not in deputy
