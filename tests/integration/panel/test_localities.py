"""A step-down of Gloucestershire goes to the meeting of the family's locality, and comes back to it."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
import sqlalchemy as sa

from services.panel.rules.allocations import panel_choices, panel_to_return_to
from services.panel.tables import AgendaItemRow, MeetingRow, PanelRow
from services.referrals.rules.triage import panels_for
from shared.authority import load_profile
from shared.events.panel import RequestPlaced
from shared.events.referrals import RequestReadyForPanel
from shared.references import new_reference
from tests.integration.conftest import Running

GLOUCESTERSHIRE = load_profile("gloucestershire").newest
LOCALITIES = [locality.key for locality in GLOUCESTERSHIRE.localities]


def test_the_step_down_of_each_of_six_localities_is_heard_at_its_own_meeting(start: Callable[..., Running]) -> None:
    running = start("panel", AUTHORITY="gloucestershire")
    assert len(LOCALITIES) == 6
    for locality in LOCALITIES:
        (offered,) = panels_for(GLOUCESTERSHIRE.panels, kind="step_down", locality=locality)
        fact = stepped_down(offered.key)
        running.hears(fact)
        with running.database.read() as session:
            panel, meeting = session.execute(
                sa.select(PanelRow, MeetingRow)
                .join(MeetingRow, MeetingRow.panel_id == PanelRow.id)
                .join(AgendaItemRow, AgendaItemRow.meeting_id == MeetingRow.id)
                .where(AgendaItemRow.request_id == fact.request_id)
            ).one()
        assert panel.locality == locality
        placed = running.announced(RequestPlaced)[-1]
        assert (placed.request_id, placed.meeting_id) == (fact.request_id, meeting.id)


@pytest.mark.parametrize("locality", LOCALITIES)
def test_a_step_down_that_an_agency_declined_comes_back_to_its_localitys_meeting(locality: str) -> None:
    key = panel_to_return_to(panel_choices(GLOUCESTERSHIRE), kind="step_down", locality=locality)
    assert {panel.key: panel.locality for panel in GLOUCESTERSHIRE.panels}[key] == locality


def stepped_down(panel_key: str) -> RequestReadyForPanel:
    return RequestReadyForPanel(
        request_id=uuid4(),
        family_id=uuid4(),
        reference=new_reference(),
        kind="step_down",
        panel_key=panel_key,
        urgency="routine",
        received_on=date(2026, 10, 30),
        children=2,
        level_scheme="gloucestershire",
        level_version="2020",
        level_number=3,
    )
