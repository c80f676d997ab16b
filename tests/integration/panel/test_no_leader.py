"""Where nobody who leads a panel may act for a request, the administrators hear of it until somebody may; nothing waits unseen."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.panel.jobs.decisions import make_letters
from services.panel.jobs.papers import fetch_papers
from services.panel.jobs.seats import tell_of_missing_leaders
from services.panel.tables import ConflictRow, PanelRow
from shared.events.directory import AgencyChanged, PersonChanged
from shared.events.panel import RequestsWithoutLeader
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.panel.asking import entry
from tests.integration.panel.sitting import Sitting

OF_ALL_LEADERS = "Riverside Housing"
"""The agency of the sitting's chair, deputy and coordinator."""


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def told(sitting: Sitting) -> list[tuple[str, int, tuple[UUID, ...]]]:
    """Let the morning's job run; return what it announced: panel, how many, to whom."""
    before = len(sitting.running.announced(RequestsWithoutLeader))
    tell_of_missing_leaders(sitting.running.resources, sitting.running.clock.at)
    facts = sitting.running.announced(RequestsWithoutLeader)[before:]
    return [(fact.panel_key, fact.requests, fact.administrator_ids) for fact in facts]


def asks(sitting: Sitting, *not_with: str) -> UUID:
    request_id = sitting.asks(not_with=not_with)
    while fetch_papers(sitting.running.resources):
        pass
    return request_id


def test_the_administrators_hear_each_morning_until_somebody_has_a_seat_who_may_act(sitting: Sitting) -> None:
    administrator = a_person("administrator")
    fact = PersonChanged(administrator.person_id, administrator.agency_id, ("administrator",), is_active=True)
    sitting.running.hears(fact)
    asks(sitting)
    assert told(sitting) == []
    request_id = asks(sitting, OF_ALL_LEADERS)
    for _ in range(2):
        assert told(sitting) == [("ehap", 1, (administrator.person_id,))]
    browser = sitting.running.browser(administrator)
    for path in ("meetings", "panels/ehap"):
        page = " ".join(browser.get(f"/panel/{path}").text.split())
        assert "1 request at" in page
        assert "has nobody who may act" in page
    agency_id, newcomer = uuid4(), a_person("coordinator", "panel_member")
    sitting.running.hears(AgencyChanged(agency_id, "Harbour Trust", is_active=True))
    sitting.running.hears(PersonChanged(newcomer.person_id, agency_id, ("coordinator",), is_active=True))
    seat = {"person_id": str(newcomer.person_id), "agency_id": str(agency_id), "seat": "coordinator", "role": ""}
    sitting.post(administrator, "/panels/ehap/seats", [seat])
    assert told(sitting) == []
    assert "nobody who may act" not in browser.get("/panel/panels/ehap").text
    body = {"entry_id": str(entry(sitting.running, request_id).id), "because": "moved_away", "reason": "They told us."}
    sitting.post(newcomer, f"/queue/{request_id}/sending-back", body, 204)


def test_a_letter_that_nobody_may_open_is_counted_when_the_family_waits_no_more(sitting: Sitting) -> None:
    request_id = asks(sitting)
    meeting_id = sitting.opened(sitting.next_meeting())
    sitting.decides(sitting.item_at(request_id, meeting_id), "signpost")
    sitting.running.neighbours.answers[("referrals", f"/requests/{request_id}/letters")] = {
        "homes": [], "is_held": False, "with_social_care": False, "locality": "",
    }  # fmt: skip
    make_letters(sitting.running.resources)
    assert told(sitting) == []
    _declare_for_all(sitting, request_id)
    assert told(sitting) == [("ehap", 1, ())]


def test_a_panel_that_nobody_leads_is_told_of_with_all_that_waits_there(sitting: Sitting) -> None:
    asks(sitting)
    for person in (sitting.chair, sitting.deputy, sitting.coordinator):
        sitting.running.hears(PersonChanged(person.person_id, person.agency_id, (), is_active=False))
    assert told(sitting) == [("ehap", 1, ())]


def test_the_fact_tells_nothing_of_a_family(sitting: Sitting) -> None:
    asks(sitting, OF_ALL_LEADERS)
    told(sitting)
    with sitting.running.database.read() as session:
        panel = session.scalars(sa.select(PanelRow).where(PanelRow.key == "ehap")).one()
    [fact] = sitting.running.announced(RequestsWithoutLeader)
    assert fact == RequestsWithoutLeader(panel.id, "ehap", panel.name, 1, ())


def _declare_for_all(sitting: Sitting, request_id: UUID) -> None:
    item_id = sitting.item(request_id).id
    with sitting.running.database.begin() as session:
        session.add_all(
            ConflictRow(
                agenda_item_id=item_id,
                person_id=person.person_id,
                nature="A cousin.",
                declared_at=sitting.running.clock.at,
            )
            for person in (sitting.chair, sitting.deputy, sitting.coordinator)
        )
