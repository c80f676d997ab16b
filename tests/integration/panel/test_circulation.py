"""What goes out for a meeting: when, to whom, unchanged afterwards, and as each reader's own copy."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pypdf import PdfReader

from services.panel.actions.circulation import send_out_supplement
from services.panel.jobs import prepare
from services.panel.jobs.agendas import send_out_papers
from services.panel.jobs.papers import fetch_papers
from services.panel.queries.calendar import meeting_by_id
from services.panel.tables import AgendaItemRow, CirculatedItemRow, CirculationRow, MeetingRow, PanelRow
from shared.events.panel import PapersCirculated
from shared.identity import Person
from tests.integration.conftest import Running
from tests.integration.panel.asking import asks, comes, has_paper, items, next_meeting
from tests.integration.panel.sitting import Sitting

Start = Callable[..., Running]


class GoingOut:
    """A panel whose papers go out two working days before the meeting, and a meeting whose agenda has closed."""

    def __init__(self, running: Running) -> None:
        self.running, self.sitting = running, Sitting(running)
        with running.database.begin() as session:
            later = {"papers_go_out": "working_days_before", "papers_working_days": 2}
            session.execute(sa.update(PanelRow).values(**later))
        self.fact = asks(running)
        self.meeting = next_meeting(running)
        comes(running, self.meeting.agenda_closes_at)
        self.agenda = f"/panel/meetings/{self.meeting.id}"

    @property
    def goes_out_at(self) -> datetime:
        return datetime.combine(self.meeting.held_on - timedelta(days=2), datetime.min.time(), UTC).replace(hour=12)

    def job_runs_at(self, instant: datetime) -> None:
        self.running.clock.at = instant
        send_out_papers(self.running.resources, instant)

    def status(self, person: Person, path: str = "/pack.pdf") -> int:
        return self.running.browser(person).get(self.agenda + path).status_code

    def told(self) -> list[tuple[int, int]]:
        facts = [fact for fact in self.running.announced(PapersCirculated) if fact.meeting_id == self.meeting.id]
        return [(fact.supplement, fact.items) for fact in facts]


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def pack(running: Running, meeting_id: UUID, person: Person, more: str = "") -> bytes:
    answer = running.browser(person).get(f"/panel/meetings/{meeting_id}/pack.pdf{more}")
    assert answer.status_code == 200, answer.text
    return bytes(answer.data)


def comes_late(running: Running, meeting: MeetingRow, number: int) -> UUID:
    """Put a family on a closed agenda as a late item, and send its supplement out."""
    fact = asks(running)
    while fetch_papers(running.resources):
        pass
    with running.database.begin() as session:
        item = session.scalars(sa.select(AgendaItemRow).where(AgendaItemRow.request_id == fact.request_id)).one()
        item.meeting_id, item.number, item.supplement = meeting.id, number, None
        content = running.neighbours.answers[("referrals", f"/requests/{fact.request_id}/paper")]
        item.paper_id = session.execute(
            sa.text("SELECT id FROM paper WHERE request_id = :id"), {"id": fact.request_id}
        ).scalar_one()
        assert content["reference"] == item.reference
        session.flush()
        at = meeting_by_id(session, meeting.id)
        send_out_supplement(session, at, [item], running.resources.authority, now=running.clock.at)
        return item.id


def test_papers_that_go_out_later_are_told_of_and_opened_then_once(start: Start) -> None:
    there = GoingOut(start("panel"))
    assert there.told() == []
    assert [there.status(person) for person in (there.sitting.member, there.sitting.coordinator)] == [404, 200]
    page = there.running.browser(there.sitting.member).get(there.agenda).text
    assert "Not sent out yet" in page
    there.job_runs_at(there.goes_out_at - timedelta(minutes=1))
    assert (there.told(), there.status(there.sitting.member)) == ([], 404)
    for _ in range(2):
        there.job_runs_at(there.goes_out_at)
    assert (there.told(), there.status(there.sitting.member)) == ([(0, 1)], 200)


def test_access_ends_to_the_day_by_the_panels_rule_for_page_pack_and_api_alike(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    with running.database.begin() as session:
        session.execute(sa.update(PanelRow).values(papers_stay_days=3))
    asks(running)
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)
    (item,) = items(running, meeting.id)
    paper, api = f"meetings/{meeting.id}/papers/{item.id}", f"meetings/{meeting.id}/papers/{item.id}/knowledge"
    for days, status in ((3, 200), (4, 404)):
        running.clock.at = datetime.combine(meeting.held_on + timedelta(days=days), datetime.min.time(), UTC).replace(
            hour=23, minute=59
        )
        for person in (sitting.member, sitting.chair, sitting.coordinator):
            browser = running.browser(person)
            assert browser.get(f"/panel/{paper}").status_code == status
            assert browser.get(f"/panel/meetings/{meeting.id}/pack.pdf").status_code == status
            sitting.get(person, f"/{api}", status)
            said = "Open until Sunday 15 November 2026" if status == 200 else "Were open until Sunday 15 November 2026"
            assert said in browser.get(f"/panel/meetings/{meeting.id}").text


def test_the_contents_give_the_page_on_which_each_paper_begins_and_every_page_is_marked_and_named(
    start: Start,
) -> None:
    running = start("panel")
    sitting = Sitting(running)
    facts = [asks(running) for _ in range(3)]
    has_paper(running, facts[0], worried_about="A long story. " * 600)
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)
    pdf = PdfReader(BytesIO(pack(running, meeting.id, sitting.member)))
    root: Any = pdf.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"], "/StructTreeRoot" in root) == (True, "en-GB", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata is not None
    assert "Early Help Allocation Panel" in str(pdf.metadata.title)
    assert pdf.page_labels == [str(number) for number in range(1, len(pdf.pages) + 1)]
    starts = {
        str(entry.title): (pdf.get_destination_page_number(entry) or 0) + 1
        for entry in pdf.outline
        if not isinstance(entry, list)
    }
    titles = [f"{item.number}. {item.reference}" for item in items(running, meeting.id)]
    assert list(starts) == ["Early Help Allocation Panel", *titles]
    assert len(set(starts.values())) == 4
    contents = pdf.pages[0].extract_text()
    for item in items(running, meeting.id):
        said = re.search(rf"{item.reference}.*?New (\d+)", contents, re.DOTALL)
        assert said is not None
        assert int(said[1]) == starts[f"{item.number}. {item.reference}"]
    for number, page in enumerate(pdf.pages, 1):
        words = page.extract_text()
        assert words.count("OFFICIAL-SENSITIVE") == 2
        assert words.count("Mo Member") == 2
        assert f"Page {number} of {len(pdf.pages)}" in words


def test_each_reader_has_a_copy_with_their_own_name_and_moment(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    asks(running)
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)
    running.clock.at = datetime(2026, 11, 11, 8, 5, tzinfo=UTC)
    mine, chairs = (text_of(pack(running, meeting.id, person)) for person in (sitting.member, sitting.chair))
    assert "Copy for Mo Member, 11 November 2026 at 8:05am" in mine
    assert "Ana Chair" in chairs
    assert "Ana Chair" not in mine


def test_a_closed_item_stands_in_the_copy_with_its_number_and_why_and_nothing_of_the_family(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    facts = [asks(running), asks(running)]
    for number, fact in enumerate(facts):
        has_paper(running, fact, worried_about=f"STORY-{number}", needs_to_happen="")
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)
    item = next(one for one in items(running, meeting.id) if one.request_id == facts[0].request_id)
    body = {"person_id": str(sitting.member.person_id), "nature": "A neighbour."}
    sitting.post(sitting.member, f"/items/{item.id}/conflicts", body, 204)
    mine, everything = (pack(running, meeting.id, person) for person in (sitting.member, sitting.chair))
    assert "STORY-0" not in text_of(mine)
    assert "STORY-1" in text_of(mine)
    assert f"{item.number}. Closed to you" in text_of(mine)
    assert "This paper is closed to you: You declared a conflict." in text_of(mine)
    assert item.reference not in text_of(mine)
    assert "STORY-0" in text_of(everything)
    assert f"{item.number}. {item.reference}" in text_of(everything)


def test_a_late_item_goes_out_as_a_supplement_of_its_own_and_changes_nothing_that_went_before(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    first = asks(running)
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)

    def kept() -> list[tuple[int, object]]:
        with running.database.read() as session:
            rows = session.execute(
                sa.select(CirculationRow.number, CirculatedItemRow.contents)
                .join(CirculatedItemRow, CirculatedItemRow.circulation_id == CirculationRow.id)
                .order_by(CirculatedItemRow.number)
            )
            return [(row[0], row[1]) for row in rows]

    before = kept()
    item_id = comes_late(running, meeting, 2)
    assert kept()[:1] == before
    assert [fact.supplement for fact in running.announced(PapersCirculated) if fact.meeting_id == meeting.id] == [0, 1]
    whole = text_of(pack(running, meeting.id, sitting.member))
    assert "Supplement 1, sent out on" in whole
    assert first.reference in whole
    alone = text_of(pack(running, meeting.id, sitting.member, "?supplement=1"))
    assert first.reference not in alone
    page = running.browser(sitting.member).get(f"/panel/meetings/{meeting.id}/papers/{item_id}")
    assert page.status_code == 200
    assert "Supplement 1 alone" in running.browser(sitting.member).get(f"/panel/meetings/{meeting.id}").text
    assert running.browser(sitting.member).get(f"/panel/meetings/{meeting.id}/pack.pdf?supplement=7").status_code == 404


def test_a_supplement_made_before_the_papers_go_out_goes_with_them(start: Start) -> None:
    there = GoingOut(start("panel"))
    comes_late(there.running, there.meeting, 2)
    assert there.told() == []
    there.job_runs_at(there.goes_out_at)
    assert there.told() == [(0, 2)]


def test_what_was_circulated_reads_as_it_did_then_though_words_change_later(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    asks(running)
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)
    (item,) = items(running, meeting.id)
    with running.database.begin() as session:
        # As if the codes were labelled otherwise by now: what was fetched changes nothing in what went out.
        session.execute(sa.text("UPDATE paper SET content = jsonb_set(content, '{worried_about}', '\"REWORDED\"')"))
        session.execute(sa.text("UPDATE queue_entry SET children = 9, level_number = 1"))
    page = running.browser(sitting.member).get(f"/panel/meetings/{meeting.id}/papers/{item.id}").text
    said = text_of(pack(running, meeting.id, sitting.member))
    for words in (page, said):
        assert "They shout." in words
        assert "REWORDED" not in words
    assert "Level 3" in said


def test_what_was_circulated_before_it_was_kept_item_by_item_can_still_be_read_and_nobody_is_told_again(
    start: Start,
) -> None:
    running = start("panel")
    sitting = Sitting(running)
    asks(running)
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)
    with running.database.begin() as session:
        session.execute(sa.delete(CirculatedItemRow))
        session.execute(sa.delete(CirculationRow))
        session.execute(sa.update(MeetingRow).values(papers_sent_at=None))
    prepare(running.resources)
    prepare(running.resources)
    assert "They shout." in text_of(pack(running, meeting.id, sitting.member))
    assert len([fact for fact in running.announced(PapersCirculated) if fact.meeting_id == meeting.id]) == 1


def test_a_program_gets_what_the_page_shows_and_the_same_copy(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    asks(running)
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)
    (item,) = items(running, meeting.id)
    paper = sitting.get(sitting.member, f"/meetings/{meeting.id}/papers/{item.id}")
    assert (paper["number"], paper["reference"]) == (1, item.reference)
    assert {"title": "What we are worried about", "text": "They shout."} in paper["paper"]["boxes"]
    path = f"/panel/api/v1/meetings/{meeting.id}/pack.pdf"
    answer = running.app.test_client().get(path, headers=running.bearer(sitting.member))
    assert "Copy for Mo Member" in text_of(answer.data)
    readers = sitting.get(sitting.chair, f"/meetings/{meeting.id}/readers")["readers"]
    assert [one["how"] for reader in readers for one in reader["opened"]] == [["api", "pdf"]]
    body = {"person_id": str(sitting.member.person_id), "nature": "A neighbour."}
    sitting.post(sitting.member, f"/items/{item.id}/conflicts", body, 204)
    sitting.get(sitting.member, f"/meetings/{meeting.id}/papers/{item.id}", 404)


def test_a_meeting_that_was_moved_after_its_papers_went_out_says_so_in_the_copy(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    asks(running)
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)
    with running.database.begin() as session:
        session.execute(sa.update(MeetingRow).where(MeetingRow.id == meeting.id).values(place="The library"))
    said = text_of(pack(running, meeting.id, sitting.member))
    assert "By now the meeting is on" in said
    assert "The library" in said
    assert meeting.place in said
