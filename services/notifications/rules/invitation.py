"""The calendar invitation to a meeting (iCalendar, RFC 5545 and 5546), and reading one back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event, vCalAddress

from shared.london import LONDON

_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Meeting:
    """What an invitation says; instants in UTC. `sequence` grows with every change that is sent out."""

    meeting_id: UUID
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    sequence: int


def invitation(meeting: Meeting, *, link: str, domain: str, sender: str, to: str, sent_at: datetime) -> bytes:
    """Return the invitation as a request to one person.

    Times are written as London's wall clock with its rules, so that a calendar shows 09:30 on either side of
    a clock change; the same meeting keeps its UID, so that a newer invitation replaces the older.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Early Help Panels//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    calendar.add_component(_event(meeting, link, domain, sender, to, sent_at))
    first, last = meeting.starts_at.date() - _A_DAY, meeting.ends_at.date() + _A_DAY
    calendar.add_missing_timezones(first_date=first, last_date=last)
    content: bytes = calendar.to_ical()
    return content


def read_invitation(content: bytes) -> Meeting:
    """Return what an invitation of ours says."""
    (event,) = Calendar.from_ical(content).events
    return Meeting(
        meeting_id=UUID(str(event["uid"]).removeprefix("meeting-").partition("@")[0]),
        title=str(event["summary"]),
        place=str(event["location"]),
        starts_at=_instant(event.start),
        ends_at=_instant(event.end),
        sequence=event.sequence,
    )


def _event(meeting: Meeting, link: str, domain: str, sender: str, to: str, sent_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"meeting-{meeting.meeting_id}@{domain}")
    event.add("dtstamp", sent_at.astimezone(UTC))
    event.add("sequence", meeting.sequence)
    event.add("dtstart", meeting.starts_at.astimezone(LONDON))
    event.add("dtend", meeting.ends_at.astimezone(LONDON))
    event.add("summary", meeting.title)
    event.add("location", meeting.place)
    event.add("description", f"Papers: {link}")
    event.add("url", link)
    event.add("status", "CONFIRMED")
    event.add("organizer", vCalAddress(f"mailto:{sender}"))
    attendee = vCalAddress(f"mailto:{to}")
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["RSVP"] = "TRUE"
    event.add("attendee", attendee, encode=False)
    return event


def _instant(moment: date) -> datetime:
    if not isinstance(moment, datetime):
        raise TypeError("an invitation of ours has a time, not only a day")
    return moment.astimezone(UTC)
