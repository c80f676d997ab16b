"""The minutes: who gets them, what they say, and to whom they do not say it."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from services.panel.tables import DocumentRow
from shared.audit import audit
from shared.events.panel import MinutesIssued
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def ended(sitting: Sitting, *, conflict: bool = False) -> UUID:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    if conflict:
        declared = {"person_id": str(sitting.member.person_id), "nature": "They are neighbours"}
        sitting.post(sitting.chair, f"/items/{item_id}/conflicts", declared, 204)
    by = [str(sitting.deputy.person_id)]
    said: dict[str, Any] = {"dissent": "The school disagreed", "dissent_by": by, "actions": [sitting.action()]}
    sitting.decides(item_id, "allocate", **said)
    with sitting.running.database.read() as session:
        meeting_id: UUID = session.scalars(sa.text("SELECT meeting_id FROM agenda_item")).one()
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {}, 200)
    return meeting_id


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_the_minutes_say_what_was_decided_without_naming_the_family(sitting: Sitting) -> None:
    meeting_id = ended(sitting)
    with sitting.running.database.read() as session:
        document = session.scalars(sa.select(DocumentRow).where(DocumentRow.kind == "minutes")).one()
    said = text_of(document.pdf)
    for word in (
        "Parenting course",
        "Because it fits.",
        "The school disagreed",
        "Dee Deputy (Riverside Housing)",
        "Ring the school",
        "Ana Chair",
        "Notes",
    ):
        assert word in said
    for name in ("Price", "Siobh", "Larkfield"):
        assert name not in said
    page = sitting.running.browser(sitting.member).get(f"/panel/meetings/{meeting_id}/minutes")
    assert "The school disagreed" in page.text


def test_every_seat_holder_is_told_of_the_minutes(sitting: Sitting) -> None:
    meeting_id = ended(sitting)
    [issued] = sitting.running.announced(MinutesIssued)
    assert issued.meeting_id == meeting_id
    seated = {person.person_id for person in (sitting.chair, sitting.deputy, sitting.member, sitting.coordinator)}
    assert set(issued.member_ids) == seated


def test_a_member_with_a_conflict_gets_the_minutes_without_the_item(sitting: Sitting) -> None:
    meeting_id = ended(sitting, conflict=True)
    browser = sitting.running.browser(sitting.member)
    page = browser.get(f"/panel/meetings/{meeting_id}/minutes").text
    assert "you declared a conflict" in page
    assert "Because it fits." not in page
    assert "Because it fits." not in text_of(browser.get(f"/panel/meetings/{meeting_id}/minutes.pdf").data)
    whole = sitting.running.browser(sitting.deputy).get(f"/panel/meetings/{meeting_id}/minutes.pdf")
    assert "Because it fits." in text_of(whole.data)


def test_nobody_without_a_seat_reads_them_and_every_reading_is_on_record(sitting: Sitting) -> None:
    meeting_id = ended(sitting)
    elsewhere = Sitting(sitting.running, panel_key="step-down")
    for page in ("minutes", "minutes.pdf"):
        address = f"/panel/meetings/{meeting_id}/{page}"
        assert sitting.running.browser(elsewhere.member).get(address).status_code == 404
        assert sitting.running.browser(sitting.member).get(address).status_code == 200
    with sitting.running.database.read() as session:
        read = session.scalars(sa.select(audit.c.who).where(audit.c.did.in_(("read_minutes", "fetched_minutes")))).all()
    assert read == [str(sitting.member.person_id)] * 2


def test_there_are_no_minutes_of_a_meeting_that_sits(sitting: Sitting) -> None:
    meeting_id = sitting.opened(sitting.next_meeting())
    for page in ("minutes", "minutes.pdf"):
        answer = sitting.running.browser(sitting.chair).get(f"/panel/meetings/{meeting_id}/{page}")
        assert answer.status_code == 404
