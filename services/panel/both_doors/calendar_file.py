"""Meetings as files for somebody's own calendar: one for the page and for JSON, all of a person's for their feed."""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from urllib.parse import urlsplit

from flask import Response

from services.panel.tables import MeetingRow
from shared import calendar_file as files
from shared.web.app import now, resources, today


def calendar_file(meeting: MeetingRow) -> Response:
    """Return the .ics file of a meeting, which holds nobody's name."""
    answer = _answer([meeting], made_at=now())
    answer.headers["Content-Disposition"] = f'attachment; filename="meeting-{meeting.held_on}.ics"'
    return answer


def whole_calendar(meetings: Iterable[MeetingRow]) -> Response:
    """Return meetings as a calendar that a client subscribes to; it may keep it for an hour, and nobody on the way."""
    # Stamped with the day, so that a client which asks again on the same day hears that nothing has changed.
    made_at = datetime.combine(today(), time(), UTC)
    answer = _answer(meetings, made_at=made_at, name=f"Panels: {resources().authority.short_name}")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def _answer(meetings: Iterable[MeetingRow], *, made_at: datetime, name: str = "") -> Response:
    public_url = resources().settings.public_url
    entries = [
        files.CalendarEntry(
            meeting_id=meeting.id,
            sequence=meeting.sequence,
            title=meeting.panel.name,
            place=meeting.place,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            link=f"{public_url}/panel/meetings/{meeting.id}",
            video_link=meeting.video_link,
            is_cancelled=meeting.state == "cancelled",
        )
        for meeting in meetings
    ]
    domain = urlsplit(public_url).hostname or "earlyhelp"
    content = files.calendar_file(entries, method="PUBLISH", domain=domain, made_at=made_at, name=name)
    return Response(content, content_type="text/calendar; charset=utf-8; method=PUBLISH")
