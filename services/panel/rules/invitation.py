"""A meeting as an entry for a calendar (iCalendar, RFC 5545): when and where, nobody's name."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event

from shared.london import LONDON

_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """What the entry says; instants in UTC. `domain` makes its id unique in the world, the same as in the e-mails."""

    meeting_id: UUID
    sequence: int
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    link: str
    domain: str


def calendar_entry(entry: Entry, *, made_at: datetime) -> bytes:
    """Return the entry as an .ics file.

    Times are London's wall clock, with its rules beside them: half past nine stays half past nine on either
    side of a clock change. The time zone's own dates are given, or the library describes it from 1970 on.
    """
    event = Event()
    event.add("uid", f"meeting-{entry.meeting_id}@{entry.domain}")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(LONDON))
    event.add("dtend", entry.ends_at.astimezone(LONDON))
    event.add("summary", entry.title)
    event.add("location", entry.place)
    event.add("url", entry.link)
    event.add("status", "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Early Help Panels//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones(first_date=entry.starts_at.date() - _A_DAY, last_date=entry.ends_at.date() + _A_DAY)
    content: bytes = calendar.to_ical()
    return content
