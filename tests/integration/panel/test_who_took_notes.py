"""Who takes the notes of a meeting runs it, while they have a seat, and nothing else of its panel."""

from collections.abc import Callable
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.panel.tables import SeatRow
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def opened_with_notes_by_the_member(sitting: Sitting) -> UUID:
    meeting_id = sitting.next_meeting()
    body = {"chaired_by": str(sitting.chair.person_id), "notes_by": str(sitting.member.person_id)}
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/open", body, 200)
    return meeting_id


def test_who_took_notes_and_lost_their_seat_learns_nothing_more(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting_id = opened_with_notes_by_the_member(sitting)
    item_id = sitting.item_at(request_id, meeting_id)
    browser = sitting.running.browser(sitting.member)
    assert browser.get(f"/panel/meetings/{meeting_id}/meeting").status_code == 200
    with sitting.running.database.begin() as session:
        session.execute(sa.delete(SeatRow).where(SeatRow.person_id == sitting.member.person_id))
    for path in (f"meetings/{meeting_id}/meeting", f"items/{item_id}/decision", f"meetings/{meeting_id}/meeting/end"):
        assert browser.get(f"/panel/{path}").status_code == 404, path
    sitting.get(sitting.member, f"/items/{item_id}/notes", 404)
    sitting.post(sitting.member, f"/items/{item_id}/decision", sitting.decision("signpost"), 404)
    sitting.get(sitting.member, f"/meetings/{meeting_id}/stand", 404)
    sitting.decides(item_id, "signpost")
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {}, 200)
    sitting.get(sitting.member, f"/meetings/{meeting_id}/minutes", 404)


def test_who_takes_notes_does_not_see_who_else_waits(sitting: Sitting) -> None:
    meeting_id = opened_with_notes_by_the_member(sitting)
    sitting.asks()
    browser = sitting.running.browser(sitting.member)
    for path in ("late-items", "places"):
        assert browser.get(f"/panel/meetings/{meeting_id}/{path}").status_code == 403, path
        assert sitting.running.browser(sitting.chair).get(f"/panel/meetings/{meeting_id}/{path}").status_code == 200
