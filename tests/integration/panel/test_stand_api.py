"""A meeting while it sits, as JSON: who may, what a conflict hides, versions, and what is refused."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from shared.audit import audit
from shared.identity import Person
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting


def test_where_a_meeting_stands_is_told_to_who_has_a_seat_and_kept_in_the_audit(table: "Table") -> None:
    stand = table.stand(table.sitting.member)
    assert (stand["state"], stand["item_id"], stand["next_item_id"]) == ("in_session", None, table.items[0])
    assert [(one["number"], one["standing"], one["closed"]) for one in stand["items"]] == [
        (1, "to_hear", ""),
        (2, "to_hear", ""),
    ]
    with table.sitting.running.database.read() as session:
        readers = session.scalars(sa.select(audit.c.who).where(audit.c.did == "followed")).all()
    assert readers == [str(table.sitting.member.person_id)]


def test_nobody_without_a_part_in_the_meeting_reads_or_moves_it(table: "Table") -> None:
    elsewhere = Sitting(table.sitting.running, panel_key="step-down")
    step = {"item_id": table.items[0]}
    for person, status in ((elsewhere.chair, 404), (table.sitting.manager, 403)):
        table.sitting.get(person, table.path("stand"), status)
        table.sitting.post(person, table.path("stand"), step, status)
        table.sitting.post(person, f"/items/{table.items[0]}/notes", {"text": "They", "seen": 0}, status)
        table.sitting.get(person, f"/items/{table.items[0]}/notes", status)
    assert table.stand(table.sitting.chair)["item_id"] is None
    anonymous = table.sitting.running.app.test_client().get(f"/panel/api/v1{table.path('stand')}")
    assert anonymous.status_code == 401


def test_a_member_follows_but_neither_moves_the_meeting_nor_writes_or_reads_its_notes(table: "Table") -> None:
    member, item = table.sitting.member, table.items[0]
    table.sitting.get(member, table.path("stand"))
    table.sitting.post(member, table.path("stand"), {"item_id": item}, 403)
    table.sitting.post(member, f"/items/{item}/later", None, 403)
    table.sitting.post(member, f"/items/{item}/notes", {"text": "They", "seen": 0}, 403)
    table.sitting.get(member, f"/items/{item}/notes", 403)
    table.sitting.post(member, table.path("read-out"), None, 403)
    table.sitting.post(member, table.path("hand-over"), table.parts(member, table.sitting.coordinator), 403)
    table.deletes_opening(member, 403)


def test_every_step_gives_the_next_version_and_a_step_from_where_it_was_is_refused(table: "Table") -> None:
    first, second = table.items
    before = table.stand(table.sitting.chair)["version"]
    taken_up = table.sitting.post(table.sitting.chair, table.path("stand"), {"item_id": first}, 200)
    assert (taken_up["version"], taken_up["item_id"], taken_up["next_item_id"]) == (before + 1, first, second)
    step = {"item_id": second, "seen": first}
    moved = table.sitting.post(table.sitting.deputy, table.path("stand"), step, 200)
    assert (moved["version"], moved["item_id"]) == (before + 2, second)
    table.sitting.post(table.sitting.chair, table.path("stand"), {"item_id": first, "seen": first}, 409)
    assert table.stand(table.sitting.chair)["version"] == before + 2


def test_an_item_is_left_for_later_once(table: "Table") -> None:
    first, second = table.items
    table.sitting.post(table.sitting.chair, table.path("stand"), {"item_id": first}, 200)
    table.sitting.post(table.sitting.chair, f"/items/{first}/later", None, 204)
    stand = table.stand(table.sitting.chair)
    assert (stand["item_id"], [one["standing"] for one in stand["items"]]) == (second, ["later", "now"])
    table.sitting.post(table.sitting.chair, f"/items/{first}/later", None, 409)


def test_a_conflict_hides_what_was_decided_and_the_notes(table: "Table") -> None:
    item, deputy = table.items[0], table.sitting.deputy
    table.sitting.post(table.sitting.coordinator, f"/items/{item}/notes", {"text": "A visit", "seen": 0}, 201)
    declared = {"person_id": str(deputy.person_id), "nature": "They are neighbours"}
    table.sitting.post(deputy, f"/items/{item}/conflicts", declared, 204)
    table.sitting.decides(UUID(item), "signpost")
    assert table.told_of_first(deputy) == ("conflict", "")
    assert table.told_of_first(table.sitting.member) == ("", "Signpost")
    table.sitting.get(deputy, f"/items/{item}/notes", 403)
    table.sitting.post(deputy, f"/items/{item}/notes", {"text": "They", "seen": 1}, 403)


def test_notes_are_read_with_their_version_and_a_second_writer_is_told(table: "Table") -> None:
    path = f"/items/{table.items[0]}/notes"
    coordinator, deputy = table.sitting.coordinator, table.sitting.deputy
    none = {"text": "", "version": 0, "written_by": None, "written_at": None}
    assert table.sitting.get(coordinator, path) == none
    made = table.sitting.post(coordinator, path, {"text": "A visit", "seen": 0})
    assert (made["version"], made["written_by"]) == (1, str(coordinator.person_id))
    refused = table.sitting.post(deputy, path, {"text": "Nobody answered", "seen": 0}, 409)
    assert "while you were writing" in refused["detail"]
    assert table.sitting.get(deputy, path)["text"] == "A visit"


def test_saying_that_one_is_there_counts_and_reading_out_is_done_by_who_runs_it(table: "Table") -> None:
    before = table.stand(table.sitting.chair)["here"]
    table.sitting.post(table.sitting.member, table.path("here"), None, 204)
    assert table.stand(table.sitting.chair)["here"] == before + 1
    table.sitting.post(table.sitting.chair, table.path("read-out"), None, 204)


def test_the_chair_is_handed_over_and_an_opening_by_mistake_is_taken_back(table: "Table") -> None:
    deputy, coordinator = table.sitting.deputy, table.sitting.coordinator
    handed = table.sitting.post(table.sitting.chair, table.path("hand-over"), table.parts(deputy, coordinator), 200)
    assert handed["chaired_by"] == str(deputy.person_id)
    assert table.deletes_opening(deputy, 200)["state"] == "agenda_closed"
    table.deletes_opening(deputy, 409)


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("stand", {}, "/item_id"),
        ("stand", {"item_id": "first"}, "/item_id"),
        ("stand", {"item_id": str(uuid4()), "seen": 1}, "/seen"),
        ("hand-over", {"chaired_by": str(uuid4())}, "/notes_by"),
        ("notes", {"text": "", "seen": 0}, "/text"),
        ("notes", {"text": "They"}, "/seen"),
        ("notes", {"text": "They", "seen": "first"}, "/seen"),
    ],
)
def test_bad_input_is_answered_with_where_it_is_wrong(
    table: "Table", path: str, body: dict[str, Any], pointer: str
) -> None:
    address = f"/items/{table.items[0]}/notes" if path == "notes" else table.path(path)
    problem = table.sitting.post(table.sitting.chair, address, body, 422)
    assert pointer in [one["pointer"] for one in problem["errors"]]


def test_what_is_not_there_is_not_found(table: "Table") -> None:
    chair, nowhere = table.sitting.chair, uuid4()
    table.sitting.get(chair, f"/meetings/{nowhere}/stand", 404)
    table.sitting.post(chair, table.path("stand"), {"item_id": str(nowhere)}, 404)
    table.sitting.get(chair, f"/items/{nowhere}/notes", 404)
    table.sitting.post(chair, f"/items/{nowhere}/later", None, 404)


class Table:
    """A meeting in session with two families, asked as JSON."""

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting
        requests = [sitting.asks(), sitting.asks()]
        self.id = sitting.opened(sitting.next_meeting())
        numbered = sorted((sitting.item(request) for request in requests), key=lambda item: item.number or 0)
        self.items = [str(item.id) for item in numbered]

    def path(self, rest: str) -> str:
        """Return the path of something at this meeting."""
        return f"/meetings/{self.id}/{rest}"

    def stand(self, person: Person) -> Any:
        """Return where the meeting stands, as this person is told."""
        return self.sitting.get(person, self.path("stand"))

    def told_of_first(self, person: Person) -> tuple[str, str]:
        """Return why the first item is closed to a person, and its decision as they are told it."""
        one = self.stand(person)["items"][0]
        return one["closed"], one["decision"]

    def parts(self, chair: Person, notes: Person) -> dict[str, str]:
        """Return who chairs and who takes notes, as JSON."""
        return {"chaired_by": str(chair.person_id), "notes_by": str(notes.person_id)}

    def deletes_opening(self, person: Person, status: int) -> Any:
        """Take the opening back, and expect a status."""
        answer = self.sitting.running.app.test_client().delete(
            f"/panel/api/v1{self.path('opening')}", headers=self.sitting.running.bearer(person)
        )
        assert answer.status_code == status, answer.text
        return answer.get_json(silent=True)


@pytest.fixture
def table(start: Callable[..., Running]) -> Table:
    return Table(Sitting(start("panel")))
