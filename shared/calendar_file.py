"""Meetings as a calendar reads them (iCalendar, RFC 5545): when, where and which panel; nobody's name, no family.

Times are London's wall clock with its rules beside them, so that half past nine stays half past nine on either side of
a clock change. A meeting keeps its UID wherever it is written, so that a newer word about it replaces the older.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID

from icalendar import Calendar, Component, Event, vCalAddress, vText

from shared.london import LONDON

_READ_AGAIN_AFTER = timedelta(hours=6)

# The library works out changes of the clock by local time before the change in autumn and after it in spring: 02:00,
# an hour late. The law says 01:00 Greenwich for both: Summer Time Act 1972, section 1, as amended in 2002.
_LONDON_RULES = """BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True)
class CalendarEntry:
    """A meeting as an entry; instants in UTC. `sequence` grows with every change that is told."""

    meeting_id: UUID
    sequence: int
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    link: str
    video_link: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True)
class Invited:
    """Who asks whom, by e-mail address (RFC 5546): an invitation goes to one person and shows no other."""

    organizer: str
    organizer_name: str
    attendee: str


def calendar_file(
    entries: Iterable[CalendarEntry],
    *,
    method: str,
    domain: str,
    made_at: datetime,
    invited: Invited | None = None,
    name: str = "",
) -> bytes:
    """Return the entries as an .ics file; `method` is PUBLISH, REQUEST or CANCEL, `name` that of a whole calendar."""
    calendar = Calendar()
    calendar.add("prodid", "-//Early Help Panels//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", _READ_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT6H")
    calendar.add_component(Component.from_ical(_LONDON_RULES))
    for entry in entries:
        calendar.add_component(_event(entry, domain, made_at, invited))
    return cast(bytes, calendar.to_ical())


def uid_of(meeting_id: UUID, domain: str) -> str:
    """Return the meeting's id in every calendar; `domain` makes it unique in the world."""
    return f"meeting-{meeting_id}@{domain}"


def _event(entry: CalendarEntry, domain: str, made_at: datetime, invited: Invited | None) -> Event:
    event = Event()
    event.add("uid", uid_of(entry.meeting_id, domain))
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.starts_at.astimezone(LONDON))
    event.add("dtend", entry.ends_at.astimezone(LONDON))
    event.add("summary", f"Cancelled: {entry.title}" if entry.is_cancelled else entry.title)
    event.add("location", entry.place)
    event.add("description", _description(entry))
    event.add("url", entry.link)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_cancelled else "OPAQUE")
    if invited is not None:
        _invite(event, invited)
    return event


def _description(entry: CalendarEntry) -> str:
    video = f"By video: {entry.video_link}\n" if entry.video_link else ""
    return f"{video}Agenda and papers: {entry.link}"


def _invite(event: Event, invited: Invited) -> None:
    organizer = vCalAddress(f"mailto:{invited.organizer}")
    organizer.params["CN"] = vText(invited.organizer_name)
    event.add("organizer", organizer, encode=False)
    attendee = vCalAddress(f"mailto:{invited.attendee}")
    # Nobody reads answers by e-mail: apologies are given to the coordinator.
    attendee.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"})
    event.add("attendee", attendee, encode=False)
