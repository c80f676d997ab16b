"""Whoever runs a meeting for an agency that a family excludes has no part in its item: somebody else has."""

from collections.abc import Callable
from uuid import uuid4

import pytest
import sqlalchemy as sa

from services.panel.tables import SeatRow
from shared.events.directory import AgencyChanged
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def test_a_deputy_of_an_excluded_agency_sees_neither_notes_nor_decision_of_the_family(sitting: Sitting) -> None:
    agency_id = uuid4()
    sitting.running.hears(AgencyChanged(agency_id, "Harbour Trust", is_active=True))
    deputy = sitting.seated_for(agency_id, "Ada Deputy")
    with sitting.running.database.begin() as session:
        session.execute(sa.update(SeatRow).where(SeatRow.person_id == deputy.person_id).values(seat="deputy"))
    request_id = sitting.asks(not_with=("Harbour Trust",))
    meeting_id = sitting.opened(sitting.next_meeting())
    item_id = sitting.item_at(request_id, meeting_id)
    sitting.post(sitting.coordinator, f"/items/{item_id}/notes", {"text": "NOTE-ON-THEM", "seen": 0})
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/stand", {"item_id": str(item_id)}, 200)
    browser = sitting.running.browser(deputy)
    screen = browser.get(f"/panel/meetings/{meeting_id}/meeting").text
    assert "The family does not want your agency to read it" in screen
    assert "NOTE-ON-THEM" not in screen
    assert f"/panel/items/{item_id}/decision" not in screen
    sitting.get(deputy, f"/items/{item_id}/notes", 403)
    for path in (f"meetings/{meeting_id}/meeting/items/{item_id}/notes", f"items/{item_id}/decision"):
        assert browser.get(f"/panel/{path}").status_code == 403, path
    sitting.post(deputy, f"/items/{item_id}/decision", sitting.decision("signpost"), 403)
    sitting.decides(item_id, "signpost")
    [shown] = sitting.get(deputy, f"/meetings/{meeting_id}/stand")["items"]
    assert (shown["closed"], shown["decision"]) == ("excluded", "")
