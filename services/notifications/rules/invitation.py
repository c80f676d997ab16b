"""The calendar part of an e-mail about a meeting (iCalendar, RFC 5545 and 5546), and reading one back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from icalendar import Calendar

from shared.calendar_file import CalendarEntry, Invited, calendar_file

REQUEST, CANCEL = "REQUEST", "CANCEL"


@dataclass(frozen=True)
class Invitation:
    """An .ics file and its method, which an e-mail says beside it."""

    method: str
    content: bytes


@dataclass(frozen=True)
class Meeting:
    """What an invitation says; instants in UTC. `sequence` grows with every change that is sent out."""

    meeting_id: UUID
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    sequence: int
    video_link: str = ""


def invitation(
    meeting: Meeting, *, method: str, link: str, domain: str, sender: str, sender_name: str, to: str, sent_at: datetime
) -> Invitation:
    """Return what asks one person to a meeting, tells them of a change of it, or that it is not theirs any more."""
    entry = CalendarEntry(
        meeting_id=meeting.meeting_id,
        sequence=meeting.sequence,
        title=meeting.title,
        place=meeting.place,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        link=link,
        video_link=meeting.video_link,
        is_cancelled=method == CANCEL,
    )
    invited = Invited(sender, sender_name, to)
    return Invitation(method, calendar_file([entry], method=method, domain=domain, made_at=sent_at, invited=invited))


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


def _instant(moment: date) -> datetime:
    if not isinstance(moment, datetime):
        raise TypeError("an invitation of ours has a time, not only a day")
    return moment.astimezone(UTC)
