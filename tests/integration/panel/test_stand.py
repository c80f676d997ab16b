"""A meeting while it sits: the item that is heard, who is told, notes that nobody overwrites, and mistakes."""

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from services.panel.actions import attendance, meeting, notes, stand
from services.panel.jobs import TIMETABLE
from services.panel.jobs.notes import forget_unsaved
from services.panel.queries import stand as reads
from services.panel.queries.stand import Stand
from services.panel.rules.notes import NOTES
from services.panel.rules.stand import MovedOn
from services.panel.tables import AttendanceRow, MeetingRow
from shared.errors import Conflict, Forbidden, Invalid
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting
from tests.integration.panel.waiting import somebody_waits


def test_the_meeting_goes_from_item_to_item_and_on_after_a_decision(sitting: Sitting, two: "Two") -> None:
    assert two.stand().item_id is None
    two.go_to(two.first, seen=None)
    assert two.stand().item_id == two.first
    sitting.decides(two.first, "signpost")
    assert two.stand().item_id == two.second
    sitting.decides(two.second, "signpost")
    assert two.stand().item_id is None


def test_a_correction_of_an_earlier_item_does_not_move_the_meeting(sitting: Sitting, two: "Two") -> None:
    two.go_to(two.first, seen=None)
    made = sitting.decides(two.first, "signpost")
    version = two.stand().version
    sitting.decides(two.first, "not_accepted", supersedes=made["decision_id"])
    assert two.stand().item_id == two.second
    assert two.stand().version == version + 1


def test_two_who_press_next_at_once_move_the_meeting_once(two: "Two") -> None:
    two.go_to(two.first, seen=None)
    two.go_to(two.second, seen=two.first)
    with pytest.raises(MovedOn):
        two.go_to(two.first, seen=two.first)
    assert two.stand().item_id == two.second


def test_an_item_left_for_later_comes_after_the_others(sitting: Sitting, two: "Two") -> None:
    two.go_to(two.first, seen=None)
    with sitting.running.database.begin() as session:
        stand.leave_for_later(session, two.first, by=sitting.chair.person_id, now=sitting.running.clock.at)
    assert two.stand().item_id == two.second
    sitting.decides(two.second, "signpost")
    assert two.stand().item_id == two.first
    with sitting.running.database.read() as session:
        assert set(reads.left_for_later(session, two.meeting_id)) == {two.first}


def test_a_change_is_told_when_it_is_committed_and_says_nothing_of_a_family(sitting: Sitting, two: "Two") -> None:
    url = make_url(sitting.running.database.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"LISTEN {stand.CHANNEL}")
        before = two.stand().version
        two.go_to(two.first, seen=None)
        [notice] = connection.notifies(timeout=5, stop_after=1)
    assert notice.payload == f"{two.meeting_id} {before + 1} item"


def test_the_second_note_taker_is_told_and_overwrites_nothing(sitting: Sitting, two: "Two") -> None:
    two.note("They agreed to a visit.", seen=0)
    with pytest.raises(notes.NoteChanged):
        two.note("Nobody answered.", seen=0, by=sitting.deputy.person_id)
    two.note("They agreed to a visit. Nobody answered.", seen=1, by=sitting.deputy.person_id)
    with sitting.running.database.read() as session:
        [row] = reads.notes_of(session, two.meeting_id).values()
    assert (row.version, row.text, row.written_by) == (
        2,
        "They agreed to a visit. Nobody answered.",
        sitting.deputy.person_id,
    )


def test_what_is_not_saved_is_kept_until_it_is(sitting: Sitting, two: "Two") -> None:
    two.keep("They ag")
    two.keep("They agreed")
    assert two.kept() == {"text": ["They agreed"]}
    two.note("They agreed", seen=0)
    assert two.kept() is None


def test_what_nobody_saved_is_forgotten_in_the_night_after_a_day(sitting: Sitting, two: "Two") -> None:
    [job] = [job for job in TIMETABLE if job.run is forget_unsaved]
    two.keep("They ag")
    kept_at = sitting.running.clock.at
    job.run(sitting.running.resources, kept_at + timedelta(hours=24))
    assert two.kept() == {"text": ["They ag"]}
    job.run(sitting.running.resources, kept_at + timedelta(hours=24, seconds=1))
    assert two.kept() is None


def test_a_conflict_closes_the_notes_and_takes_what_was_typed(sitting: Sitting, two: "Two") -> None:
    two.keep("They ag")
    declared = {"person_id": str(sitting.coordinator.person_id), "nature": "They are neighbours"}
    sitting.post(sitting.coordinator, f"/items/{two.first}/conflicts", declared, 204)
    assert two.kept() is None
    with pytest.raises(Forbidden):
        two.note("They agreed", seen=0)
    with pytest.raises(Forbidden):
        two.keep("They agreed")


def test_chair_and_notes_are_handed_over_to_two_people_of_the_panel(sitting: Sitting, two: "Two") -> None:
    two.hand_over(chair=sitting.deputy.person_id, notes=sitting.member.person_id)
    two.note("Written by a member", seen=0, by=sitting.member.person_id)
    with sitting.running.database.read() as session:
        row = session.get_one(MeetingRow, two.meeting_id)
        assert (row.chaired_by, row.notes_by) == (sitting.deputy.person_id, sitting.member.person_id)
    for chair, note_taker in ((sitting.deputy, sitting.deputy), (sitting.member, sitting.deputy)):
        with pytest.raises(Invalid):
            two.hand_over(chair=chair.person_id, notes=note_taker.person_id)


def test_a_member_takes_up_no_item_unless_they_take_the_notes(sitting: Sitting, two: "Two") -> None:
    with pytest.raises(Forbidden):
        two.go_to(two.first, seen=None, by=sitting.member.person_id)
    two.hand_over(chair=sitting.chair.person_id, notes=sitting.member.person_id)
    two.go_to(two.first, seen=None, by=sitting.member.person_id)


def test_who_joins_late_says_so_and_acknowledges_the_statement(sitting: Sitting, two: "Two") -> None:
    opened_at = sitting.running.clock.at
    sitting.running.clock.at += timedelta(minutes=40)
    with sitting.running.database.begin() as session:
        attendance.say_here(
            session,
            two.meeting_id,
            statement_version="2024-1",
            by=sitting.member.person_id,
            now=sitting.running.clock.at,
        )
    with sitting.running.database.read() as session:
        rows = {row.person_id: row for row in session.scalars(sa.select(AttendanceRow))}
        acknowledged = reads.acknowledged_by(session, two.meeting_id, "2024-1")
    assert rows[sitting.chair.person_id].came_at == opened_at
    assert rows[sitting.member.person_id].came_at == opened_at + timedelta(minutes=40)
    assert {person: row.how for person, row in acknowledged.items()} == {sitting.member.person_id: "themselves"}


def test_reading_out_covers_who_is_there_and_leaves_who_read_it_themselves(sitting: Sitting, two: "Two") -> None:
    now = sitting.running.clock.at
    with sitting.running.database.begin() as session:
        attendance.say_here(session, two.meeting_id, statement_version="2024-1", by=sitting.chair.person_id, now=now)
        attendance.say_read_out(
            session, two.meeting_id, statement_version="2024-1", by=sitting.coordinator.person_id, now=now
        )
    with sitting.running.database.read() as session:
        acknowledged = reads.acknowledged_by(session, two.meeting_id, "2024-1")
    assert {person: row.how for person, row in acknowledged.items()} == {
        sitting.chair.person_id: "themselves",
        sitting.coordinator.person_id: "read_out",
    }


def test_an_opening_by_mistake_is_taken_back_and_the_meeting_opens_again(sitting: Sitting, two: "Two") -> None:
    with sitting.running.database.begin() as session:
        meeting.take_back_opening(session, two.meeting_id, by=sitting.coordinator.person_id)
    with sitting.running.database.read() as session:
        assert session.get_one(MeetingRow, two.meeting_id).state == "agenda_closed"
        assert list(session.scalars(sa.select(AttendanceRow))) == []
    sitting.opened(two.meeting_id)
    sitting.decides(two.first, "signpost")
    with pytest.raises(Conflict, match="End it instead"), sitting.running.database.begin() as session:
        meeting.take_back_opening(session, two.meeting_id, by=sitting.coordinator.person_id)


def test_another_who_runs_it_goes_on_where_the_chairs_machine_died(sitting: Sitting, two: "Two") -> None:
    two.go_to(two.first, seen=None, by=sitting.chair.person_id)
    two.note("They agreed to", seen=0)
    two.hand_over(chair=sitting.deputy.person_id, notes=sitting.coordinator.person_id, by=sitting.deputy.person_id)
    two.go_to(two.second, seen=two.first, by=sitting.deputy.person_id)
    assert two.stand().item_id == two.second


@pytest.mark.parametrize("is_followed", [True, False], ids=["one that stands", "the first change of all"])
def test_of_two_changes_at_once_each_has_a_version_of_its_own(sitting: Sitting, is_followed: bool) -> None:
    meeting_id = sitting.next_meeting()
    if is_followed:
        sitting.opened(meeting_id)
    versions: list[int] = []

    def note() -> None:
        with sitting.running.database.begin() as session:
            versions.append(stand.note_change(session, meeting_id, "notes"))

    second = threading.Thread(target=note)
    with sitting.running.database.begin() as session:
        before = reads.version_of(session, meeting_id)
        versions.append(stand.note_change(session, meeting_id, "notes"))
        second.start()
        somebody_waits(session)
    second.join(timeout=20)
    assert versions == [before + 1, before + 2]
    with sitting.running.database.read() as session:
        assert reads.version_of(session, meeting_id) == before + 2


def test_an_ended_meeting_stands_at_no_item(sitting: Sitting, two: "Two") -> None:
    two.go_to(two.first, seen=None)
    sitting.post(sitting.chair, f"/meetings/{two.meeting_id}/end", {"not_heard_because": "capacity"}, 200)
    assert two.stand().item_id is None
    with pytest.raises(Conflict):
        two.go_to(two.second, seen=None)


class Two:
    """A meeting in session with two families on its agenda, and what may be done there."""

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        requests = [sitting.asks(), sitting.asks()]
        self.meeting_id = sitting.opened(sitting.next_meeting())
        numbered = sorted((sitting.item(request) for request in requests), key=lambda item: item.number or 0)
        self.first, self.second = (item.id for item in numbered)

    def stand(self) -> Stand:
        """Return where the meeting stands."""
        with self._sitting.running.database.read() as session:
            return reads.stand_of(session, self.meeting_id)

    def go_to(self, item_id: UUID, *, seen: UUID | None, by: UUID | None = None) -> None:
        """Take up an item, as the coordinator unless somebody else is named."""
        with self._sitting.running.database.begin() as session:
            stand.go_to_item(session, item_id, seen=seen, by=by or self._sitting.coordinator.person_id)

    def note(self, text: str, *, seen: int, by: UUID | None = None) -> None:
        """Save the note of the first item."""
        by, now = by or self._sitting.coordinator.person_id, self._sitting.running.clock.at
        with self._sitting.running.database.begin() as session:
            notes.write_note(session, self.first, text=text, seen=seen, by=by, now=now)

    def keep(self, text: str) -> None:
        """Keep what the coordinator typed of the first item."""
        by, now = self._sitting.coordinator.person_id, self._sitting.running.clock.at
        with self._sitting.running.database.begin() as session:
            notes.keep_unsaved(session, self.first, NOTES, fields={"text": [text]}, by=by, now=now)

    def kept(self) -> dict[str, list[str]] | None:
        """Return what the coordinator typed of the first item and did not save."""
        with self._sitting.running.database.read() as session:
            row = reads.unsaved_by(session, self.first, self._sitting.coordinator.person_id, NOTES)
            return row.fields if row else None

    def hand_over(self, *, chair: UUID, notes: UUID, by: UUID | None = None) -> None:
        """Let others chair and take notes."""
        by, now = by or self._sitting.chair.person_id, self._sitting.running.clock.at
        with self._sitting.running.database.begin() as session:
            meeting.hand_over(session, self.meeting_id, chaired_by=chair, notes_by=notes, by=by, now=now)


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


@pytest.fixture
def two(sitting: Sitting) -> Two:
    return Two(sitting)
