"""The calendar invitation, read back by an independent reader: the right instant on both sides of a clock change."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from services.notifications.rules.invitation import CANCEL, REQUEST, Meeting, invitation, read_invitation
from shared.london import london_instant

MEETING_ID = UUID("11111111-2222-4333-8444-555555555555")


def a_meeting(starts_at: datetime, *, sequence: int = 0) -> Meeting:
    return Meeting(MEETING_ID, "A panel", "Room 3", starts_at, starts_at + timedelta(hours=3), sequence)


def written(meeting: Meeting, method: str = REQUEST) -> bytes:
    made = invitation(
        meeting,
        method=method,
        link="https://help.example/panel/meetings/1",
        domain="help.example",
        sender="panel@help.example",
        sender_name="Help Council",
        to="member@agency.example",
        sent_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    assert made.method == method
    return made.content


def test_a_meeting_in_winter_starts_at_the_same_hour_in_utc() -> None:
    meeting = a_meeting(london_instant(date(2026, 12, 3), 9, 30))
    assert read_invitation(written(meeting)).starts_at == datetime(2026, 12, 3, 9, 30, tzinfo=UTC)


def test_a_meeting_in_summer_starts_an_hour_earlier_in_utc() -> None:
    meeting = a_meeting(london_instant(date(2026, 7, 2), 9, 30))
    assert read_invitation(written(meeting)).starts_at == datetime(2026, 7, 2, 8, 30, tzinfo=UTC)


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.integers(3, 21))
def test_an_invitation_shows_the_wall_clock_of_london_and_means_the_right_instant(day: date, hour: int) -> None:
    meeting = a_meeting(london_instant(day, hour, 30))
    (event,) = Calendar.from_ical(written(meeting)).events
    assert event["dtstart"].params["TZID"] == "Europe/London"
    assert event["dtstart"].to_ical() == f"{day:%Y%m%d}T{hour:02d}3000".encode()
    assert read_invitation(written(meeting)) == meeting


def test_an_invitation_asks_one_person_and_keeps_its_uid_when_it_is_sent_anew() -> None:
    starts_at = london_instant(date(2026, 12, 3), 9, 30)
    first = Calendar.from_ical(written(a_meeting(starts_at)))
    newer = Calendar.from_ical(written(a_meeting(starts_at + timedelta(days=7), sequence=1)))
    assert first["method"] == newer["method"] == "REQUEST"
    assert first.events[0]["uid"] == newer.events[0]["uid"] == f"meeting-{MEETING_ID}@help.example"
    assert (first.events[0].sequence, newer.events[0].sequence) == (0, 1)
    assert first.events[0]["attendee"] == "mailto:member@agency.example"
    assert first.events[0]["organizer"] == "mailto:panel@help.example"


def test_a_cancellation_names_the_same_meeting_with_a_higher_sequence() -> None:
    starts_at = london_instant(date(2026, 12, 3), 9, 30)
    gone = Calendar.from_ical(written(a_meeting(starts_at, sequence=3), CANCEL))
    (event,) = gone.events
    assert gone["method"] == "CANCEL"
    assert (event["uid"], event.sequence) == (f"meeting-{MEETING_ID}@help.example", 3)
    assert (event["status"], event["transp"]) == ("CANCELLED", "TRANSPARENT")
    assert event["attendee"] == "mailto:member@agency.example"


def test_nobody_is_asked_to_answer_an_address_that_nobody_reads() -> None:
    (event,) = Calendar.from_ical(written(a_meeting(london_instant(date(2026, 12, 3), 9, 30)))).events
    assert event["attendee"].params["RSVP"] == "FALSE"
    assert "CN" not in event["attendee"].params, "the recipient's name is nobody's business on the way"
