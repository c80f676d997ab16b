"""Meetings as a calendar reads them, opened by two readers that know nothing of each other: vobject and ics."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import ics
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar_file import CalendarEntry, Invited, calendar_file
from shared.london import LONDON, london_instant

MEETING_ID = UUID("11111111-2222-4333-8444-555555555555")
CLOCK_CHANGES = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2027, 3, 28, 1, tzinfo=UTC),
    datetime(2027, 10, 31, 1, tzinfo=UTC),
    datetime(2028, 3, 26, 1, tzinfo=UTC),
    datetime(2028, 10, 29, 1, tzinfo=UTC),
]
INVITED = Invited("early-help@council.example", "A council", "member@agency.example")

a_start = st.builds(
    london_instant, st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.integers(3, 21), st.sampled_from([0, 15, 30])
)


@given(a_start, st.integers(15, 600))
def test_two_readers_find_the_same_instants_on_every_day_of_three_years(starts_at: datetime, minutes: int) -> None:
    ends_at = starts_at + timedelta(minutes=minutes)
    text = written(entry(starts_at=starts_at, ends_at=ends_at))
    by_vobject = vobject.readOne(text).vevent
    (by_ics,) = ics.Calendar(text).events
    assert by_vobject.dtstart.value.astimezone(UTC) == by_ics.begin.datetime.astimezone(UTC) == starts_at
    assert by_vobject.dtend.value.astimezone(UTC) == by_ics.end.datetime.astimezone(UTC) == ends_at
    assert by_vobject.dtstart.value.replace(tzinfo=None) == starts_at.astimezone(LONDON).replace(tzinfo=None)


@pytest.mark.parametrize("change", CLOCK_CHANGES, ids=lambda change: f"{change:%Y-%m-%d}")
@pytest.mark.parametrize("seconds", [-1, 0, 3 * 3600])
def test_the_rules_of_london_that_go_along_change_at_one_greenwich_to_the_second(
    change: datetime, seconds: int
) -> None:
    at = change + timedelta(seconds=seconds)
    rules = vobject.readOne(written(entry())).vtimezone.tzinfo
    assert at.astimezone(rules).utcoffset() == at.astimezone(LONDON).utcoffset()


def test_the_spring_onset_is_one_o_clock_as_the_law_has_it() -> None:
    text = written(entry())
    assert "DTSTART:19960331T010000" in text
    assert "DTSTART:19961027T020000" in text


@pytest.mark.parametrize(("method", "status"), [("REQUEST", "CONFIRMED"), ("CANCEL", "CANCELLED")])
def test_both_readers_open_an_invitation_and_a_cancellation(method: str, status: str) -> None:
    text = written(entry(is_cancelled=method == "CANCEL", sequence=4), method=method, invited=INVITED)
    calendar = vobject.readOne(text)
    assert calendar.method.value == method
    assert calendar.vevent.uid.value == f"meeting-{MEETING_ID}@help.example"
    assert calendar.vevent.sequence.value == "4"
    assert calendar.vevent.organizer.value == "mailto:early-help@council.example"
    assert calendar.vevent.attendee.value == "mailto:member@agency.example"
    read = ics.Calendar(text)
    (event,) = read.events
    assert read.method == method
    assert (event.uid, event.status) == (f"meeting-{MEETING_ID}@help.example", status)
    assert [attendee.email for attendee in event.attendees] == ["member@agency.example"]


def test_an_update_has_the_same_id_and_a_higher_sequence_for_both_readers() -> None:
    first = written(entry(sequence=1), method="REQUEST", invited=INVITED)
    moved = entry(sequence=2, starts_at=datetime(2026, 12, 10, 9, 30, tzinfo=UTC))
    newer = written(moved, method="REQUEST", invited=INVITED)
    assert vobject.readOne(first).vevent.uid.value == vobject.readOne(newer).vevent.uid.value
    assert next(iter(ics.Calendar(first).events)).uid == next(iter(ics.Calendar(newer).events)).uid
    assert vobject.readOne(newer).vevent.sequence.value == "2"


@pytest.mark.parametrize("change", CLOCK_CHANGES, ids=lambda change: f"{change:%Y-%m-%d}")
def test_a_meeting_that_is_moved_over_a_clock_change_begins_at_the_same_time_of_the_day_for_both_readers(
    change: datetime,
) -> None:
    days = [london_instant(change.date() + timedelta(days=days), 9, 30) for days in (-3, 4)]
    assert days[1] - days[0] != timedelta(days=7), "the clocks change between them"
    for sequence, starts_at in enumerate(days):
        moved = entry(sequence=sequence, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
        text = written(moved, method="REQUEST", invited=INVITED)
        by_vobject = vobject.readOne(text).vevent
        (by_ics,) = ics.Calendar(text).events
        assert by_vobject.sequence.value == str(sequence)
        assert by_vobject.uid.value == by_ics.uid
        assert by_vobject.dtstart.value.astimezone(UTC) == by_ics.begin.datetime.astimezone(UTC) == starts_at
        assert by_vobject.dtstart.value.strftime("%H:%M") == "09:30"
        assert by_ics.end.datetime - by_ics.begin.datetime == timedelta(hours=3)


def test_what_is_published_names_nobody_and_every_line_is_short_enough() -> None:
    text = written(entry(title="Panel for Städte und Dörfer, " * 6, video_link="https://meet.example/" + "x" * 90))
    assert not any(word in text for word in ("ATTENDEE", "ORGANIZER", "mailto"))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert vobject.readOne(text).vevent.summary.value.startswith("Panel for Städte und Dörfer, ")


def test_a_whole_calendar_has_a_name_and_every_meeting_once() -> None:
    other = entry(meeting_id=UUID(int=7), starts_at=datetime(2027, 7, 1, 8, 30, tzinfo=UTC))
    text = written(entry(), other, method="PUBLISH", name="Panels")
    assert len(ics.Calendar(text).events) == 2
    assert len(vobject.readOne(text).vevent_list) == 2
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert vobject.readOne(text).x_wr_calname.value == "Panels"


def entry(**changes: Any) -> CalendarEntry:
    starts_at = changes.get("starts_at", datetime(2026, 12, 3, 9, 30, tzinfo=UTC))
    values = {
        "meeting_id": MEETING_ID,
        "sequence": 0,
        "title": "Early Help Allocation Panel",
        "place": "Room 3",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=3),
        "link": "https://help.example/panel/meetings/1",
    }
    return CalendarEntry(**(values | changes))


def written(*entries: CalendarEntry, method: str = "PUBLISH", invited: Invited | None = None, name: str = "") -> str:
    made_at = datetime(2026, 11, 1, tzinfo=UTC)
    content = calendar_file(entries, method=method, domain="help.example", made_at=made_at, invited=invited, name=name)
    return content.decode()
