"""The calendar as a picture, one's own calendar by subscription, and seats with a role, through the pages."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import ics
import pytest
import sqlalchemy as sa
import vobject
from flask.testing import FlaskClient

from services.panel.tables import CalendarFeedRow, SeatRow
from shared.events.directory import PersonChanged
from shared.web import app as web
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting

Start = Callable[..., Running]
YOURS = "/panel/calendar/yours"


def test_a_members_calendar_is_read_without_signing_in_by_two_independent_readers(sitting: Sitting) -> None:
    request_id = sitting.asks()
    answer = sitting.running.browser().get(made_address(sitting))
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/calendar")
    text = answer.get_data(as_text=True)
    events = ics.Calendar(text).events
    assert len(events) == len(vobject.readOne(text).vevent_list) == 25, (
        "a year of a fortnightly panel, and no Christmas"
    )
    assert {event.name for event in events} == {"Early Help Allocation Panel"}
    reference = sitting.item(request_id).reference
    assert not any(word in text for word in (reference, "Price", "Siobhán", "Mo Member", "mailto"))


def test_a_renewed_address_ends_the_one_before_and_a_stopped_one_ends(sitting: Sitting) -> None:
    browser, member = sitting.running.browser(), sitting.running.browser(sitting.member)
    first = made_address(sitting)
    second = made_address(sitting)
    assert first != second
    assert browser.get(first).status_code == 404
    assert browser.get(second).status_code == 200
    assert member.post(f"{YOURS}/end").status_code == 302
    assert browser.get(second).status_code == 404
    third = made_address(sitting)
    assert third not in (first, second)


def test_an_address_ends_with_the_last_seat_and_when_its_person_leaves(sitting: Sitting) -> None:
    browser, address = sitting.running.browser(), made_address(sitting)
    coordinator = sitting.running.browser(sitting.coordinator)
    seen = {"seen": str(sitting.member.person_id)}
    assert coordinator.post(f"/panel/panels/ehap/seats/{seat_id(sitting)}/freeing", data=seen).status_code == 302
    assert browser.get(address).status_code == 404
    page = sitting.running.browser(sitting.member).get(YOURS).get_data(as_text=True)
    assert "You have no seat at a panel" in page
    assert sitting.running.browser(sitting.member).post(YOURS).status_code == 409

    other = made_address(sitting, sitting.deputy.person_id, sitting.running.browser(sitting.deputy))
    gone = PersonChanged(sitting.deputy.person_id, sitting.deputy.agency_id, ("panel_member",), is_active=False)
    sitting.running.hears(gone)
    assert browser.get(other).status_code == 404


def test_only_a_hash_of_the_secret_is_kept_and_none_of_it_is_logged(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(web.log, "info", lambda *words, **more: said.append(f"{words} {more}"))
    address = made_address(sitting)
    secret = address.rpartition("/")[2].removesuffix(".ics")
    sitting.running.browser().get(address)
    assert any("/panel/calendar/feed/<secret>.ics" in line for line in said)
    assert not any(secret in line for line in said)
    with sitting.running.database.read() as session:
        row = session.scalars(sa.select(CalendarFeedRow)).one()
        assert secret not in (row.secret_hash or "")
        kept = session.execute(sa.text("SELECT string_agg(audit::text, ' ') FROM audit")).scalar_one()
    assert secret not in kept


def test_a_client_that_has_the_calendar_already_is_told_so(sitting: Sitting) -> None:
    browser, address = sitting.running.browser(), made_address(sitting)
    first = browser.get(address)
    assert "private" in first.headers["Cache-Control"]
    again = browser.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_only_who_had_an_address_is_told_that_it_works_no_more(sitting: Sitting) -> None:
    browser = sitting.running.browser(sitting.member)
    first, second = (browser.post(YOURS, follow_redirects=True).text for _ in range(2))
    assert "The address is made" in first
    assert "from before" not in first
    assert "The one from before does not work any more" in second


def test_a_cancelled_meeting_stays_in_the_calendar_as_cancelled(sitting: Sitting) -> None:
    meeting = sitting.get(sitting.coordinator, "/meetings")["meetings"][0]
    body = {"because": "The room is flooded", "sequence": meeting["sequence"]}
    sitting.post(sitting.coordinator, f"/meetings/{meeting['meeting_id']}/cancellation", body, 200)
    text = sitting.running.browser().get(made_address(sitting)).get_data(as_text=True)
    (gone,) = [event for event in ics.Calendar(text).events if event.status == "CANCELLED"]
    assert meeting["meeting_id"] in gone.uid


def test_the_page_of_a_cancelled_meeting_promises_nothing(sitting: Sitting) -> None:
    meeting = sitting.get(sitting.coordinator, "/meetings")["meetings"][0]
    body = {"because": "The room is flooded", "sequence": meeting["sequence"]}
    sitting.post(sitting.coordinator, f"/meetings/{meeting['meeting_id']}/cancellation", body, 200)
    page = sitting.running.browser(sitting.coordinator).get(f"/panel/meetings/{meeting['meeting_id']}").text
    assert "This meeting is not held." in page
    for promise in ("Go out", "Closed", "Add to my calendar", "when its agenda closed"):
        assert promise not in page, promise


def test_the_picture_and_the_table_show_the_same_month(sitting: Sitting) -> None:
    browser = sitting.running.browser(sitting.member)
    page = browser.get("/panel/calendar?month=2026-12").get_data(as_text=True)
    picture, _, table = page.partition("</table>")
    for text in (picture, table):
        assert set(re.findall(r'href="/panel/meetings/([0-9a-f-]{36})"', text)) == set(
            re.findall(r'href="/panel/meetings/([0-9a-f-]{36})"', page)
        )
    assert "Bank holiday" in picture
    assert "No meetings on 24 December to 1 January: Christmas." in page
    assert "month=2027-01" in page


@pytest.mark.parametrize("month", ["2026-13", "tomorrow", "1999-01", "2031-01"])
def test_a_month_that_the_calendar_has_not_is_said(sitting: Sitting, month: str) -> None:
    assert sitting.running.browser(sitting.member).get(f"/panel/calendar?month={month}").status_code == 404


def test_a_seat_waits_for_its_person_with_a_role_in_words_and_is_named_later(sitting: Sitting) -> None:
    browser = sitting.running.browser(sitting.coordinator)
    empty = {"seat": "member", "agency_id": "", "role": "police", "person_id": ""}
    assert browser.post("/panel/panels/ehap/seats", data=empty).status_code == 302
    page = browser.get("/panel/panels/ehap").get_data(as_text=True)
    assert "police" in page
    assert "To be named" in page
    with sitting.running.database.read() as session:
        waiting = session.scalars(sa.select(SeatRow.id).where(SeatRow.role == "police")).one()
    officer = sitting.manager
    change = f"/panel/panels/ehap/seats/{waiting}"
    assert 'value="police"' in browser.get(change).get_data(as_text=True)
    named = empty | {"person_id": str(officer.person_id), "agency_id": str(sitting.other_agency_id)}
    assert browser.post(change, data=named).status_code == 302
    with sitting.running.database.read() as session:
        seat = session.get_one(SeatRow, waiting)
        assert (seat.person_id, seat.role) == (officer.person_id, "police")
    twice = named | {"person_id": str(sitting.chair.person_id), "seen": str(officer.person_id)}
    refused = browser.post(change, data=twice)
    assert refused.status_code == 422
    assert "has another seat" in refused.get_data(as_text=True)


def test_an_empty_seat_is_taken_away_and_one_that_somebody_has_is_not(sitting: Sitting) -> None:
    browser = sitting.running.browser(sitting.coordinator)
    path = f"/panel/panels/ehap/seats/{seat_id(sitting)}"
    assert browser.post(f"{path}/removal").status_code == 409
    seen = {"seen": str(sitting.member.person_id)}
    assert browser.post(f"{path}/freeing", data=seen).status_code == 302
    assert browser.post(f"{path}/freeing", data=seen).status_code == 409, (
        "a second click does not take the empty seat away"
    )
    assert browser.post(f"{path}/removal").status_code == 302
    assert browser.get(path).status_code == 404


def test_an_empty_seat_without_agency_and_role_makes_no_sense(sitting: Sitting) -> None:
    browser = sitting.running.browser(sitting.coordinator)
    refused = browser.post("/panel/panels/ehap/seats", data={"seat": "member", "agency_id": "", "role": ""})
    assert refused.status_code == 422
    assert "can wait for its person to be named" in refused.get_data(as_text=True)


def test_a_stranger_sees_neither_seats_nor_dates_of_a_panel(sitting: Sitting) -> None:
    stranger = sitting.running.browser(a_person("coordinator"))
    assert stranger.get(f"/panel/panels/ehap/seats/{seat_id(sitting)}").status_code == 404
    assert stranger.get("/panel/panels/ehap/meetings/new").status_code == 404
    page = stranger.get("/panel/calendar").get_data(as_text=True)
    assert "Early Help Allocation Panel" not in page


def made_address(sitting: Sitting, person_id: UUID | None = None, browser: FlaskClient | None = None) -> str:
    """Let a member make an address, and return its path as their page shows it."""
    browser = browser or sitting.running.browser(sitting.member)
    assert browser.post(YOURS).status_code == 302
    page = browser.get(YOURS).get_data(as_text=True)
    found = re.search(r'value="https?://[^/"]+(/panel/calendar/feed/[a-z2-7]{32}\.ics)"', page)
    assert found is not None, page
    assert str(person_id or sitting.member.person_id) not in found[1]
    return found[1]


def seat_id(sitting: Sitting) -> UUID:
    with sitting.running.database.read() as session:
        return session.scalars(sa.select(SeatRow.id).where(SeatRow.person_id == sitting.member.person_id)).one()


@pytest.fixture
def sitting(start: Start) -> Sitting:
    """Give a panel with its people, some days before the first cut-off."""
    running = start("panel")
    running.clock.at += timedelta(days=1)
    return Sitting(running)
