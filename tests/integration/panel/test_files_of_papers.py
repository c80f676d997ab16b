"""The files that came with a request, and the level that its sender sees, on the family's paper."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from shared.audit import audit
from shared.identity import Person
from tests.integration.conftest import Running
from tests.integration.panel.asking import a_request, comes, has_paper, items, next_meeting
from tests.integration.panel.sitting import Sitting

Start = Callable[..., Running]


class WithFiles:
    """A meeting with one family, whose request came with a PDF and a picture."""

    def __init__(self, running: Running, **paper: Any) -> None:
        self.running, self.sitting = running, Sitting(running)
        self.ids = [str(uuid4()), str(uuid4())]
        kinds = (("PDF", ".pdf"), ("JPEG picture", ".jpg"))
        files = [
            {"id": one, "label": label, "ending": ending} for one, (label, ending) in zip(self.ids, kinds, strict=True)
        ]
        fact = a_request()
        level = {"scheme": "bathnes", "version": "2024", "number": 2, "label": "One need"}
        has_paper(running, fact, attachments=files, attachments_stay=False, level_seen=level, **paper)
        running.hears(fact)
        self.request_id = fact.request_id
        self.meeting = next_meeting(running)
        comes(running, self.meeting.agenda_closes_at)
        (self.item,) = items(running, self.meeting.id)
        self.paper = f"/panel/meetings/{self.meeting.id}/papers/{self.item.id}"

    def answers(self, answer: Any, reader: Person, number: int = 1) -> None:
        """Let the front door give this when it is asked for a file for a reader."""
        path = f"/requests/{self.request_id}/attachments/{self.ids[number - 1]}?reader={reader.person_id}"
        self.running.neighbours.answers[("referrals", path)] = answer

    def opened(self, reader: Person, number: int = 1) -> Any:
        return self.running.browser(reader).get(f"{self.paper}/attachments/{number}")


@pytest.fixture
def there(start: Start) -> WithFiles:
    return WithFiles(start("panel"))


def test_page_and_pdf_say_how_many_files_of_which_kind_came_and_which_level_the_sender_sees(there: WithFiles) -> None:
    browser = there.running.browser(there.sitting.member)
    page = browser.get(there.paper).text
    assert "File 1: PDF" in page
    assert "File 2: JPEG picture" in page
    pdf = PdfReader(BytesIO(browser.get(f"/panel/meetings/{there.meeting.id}/pack.pdf").data))
    text = "\n".join(one.extract_text() for one in pdf.pages)
    assert "2 files: PDF, JPEG picture." in text
    for words in (page, text):
        assert "Level of need that they see" in words
        assert "Level 2: One need" in words


def test_whoever_may_read_the_paper_opens_a_file_through_its_owner_under_a_name_that_says_nothing(
    there: WithFiles,
) -> None:
    there.answers((b"%PDF the file", "application/pdf"), there.sitting.member)
    given = there.opened(there.sitting.member)
    assert (given.status_code, given.data, given.mimetype) == (200, b"%PDF the file", "application/pdf")
    assert f"attachment; filename={there.item.reference}-file-1.pdf" in given.headers["Content-Disposition"]
    assert given.headers["Cache-Control"] == "no-store"
    with there.running.database.read() as session:
        line = session.execute(sa.select(audit).where(audit.c.subject == "attachment")).mappings().one()
    assert (line["who"], line["subject_id"]) == (str(there.sitting.member.person_id), there.ids[0])


def test_to_whom_the_paper_is_closed_no_file_is_given_and_its_owner_is_not_asked(there: WithFiles) -> None:
    body = {"person_id": str(there.sitting.member.person_id), "nature": "A neighbour."}
    there.sitting.post(there.sitting.member, f"/items/{there.item.id}/conflicts", body, 204)
    there.answers((b"secret", "application/pdf"), there.sitting.member)
    asked = len(there.running.neighbours.asked)
    assert there.opened(there.sitting.member).status_code == 404
    assert len(there.running.neighbours.asked) == asked


@pytest.mark.parametrize(("answer", "status"), [(409, 409), (404, 404), (403, 404)])
def test_what_the_front_door_refuses_is_said_in_words(there: WithFiles, answer: int, status: int) -> None:
    there.answers(answer, there.sitting.member)
    assert there.opened(there.sitting.member).status_code == status


def test_a_front_door_that_is_away_is_said_and_nothing_breaks(there: WithFiles) -> None:
    there.running.neighbours.is_away = True
    refused = there.opened(there.sitting.member)
    assert refused.status_code == 409
    assert "Try again in a few minutes" in refused.text


def test_there_is_no_file_beyond_those_that_came(there: WithFiles) -> None:
    assert [there.opened(there.sitting.chair, number).status_code for number in (0, 3)] == [404, 404]


def test_files_that_stay_with_the_front_door_are_counted_and_not_linked(start: Start) -> None:
    there = WithFiles(start("panel"))
    with there.running.database.begin() as session:
        session.execute(
            sa.text("UPDATE circulated_item SET contents = jsonb_set(contents, '{paper,attachments_stay}', 'true')")
        )
    page = there.running.browser(there.sitting.member).get(there.paper).text
    assert "Only the front door opens them" in page
    assert "/attachments/" not in page
