"""A meeting as a file for somebody's own calendar: the same for the page and for JSON."""

from urllib.parse import urlsplit

from flask import Response

from services.panel.rules.invitation import Entry, calendar_entry
from services.panel.tables import MeetingRow
from shared.web.app import now, resources


def calendar_file(meeting: MeetingRow) -> Response:
    """Return the .ics file of a meeting, which holds nobody's name."""
    public_url = resources().settings.public_url
    content = calendar_entry(
        Entry(
            meeting_id=meeting.id,
            sequence=meeting.sequence,
            title=meeting.panel.name,
            place=meeting.place,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            link=f"{public_url}/panel/meetings/{meeting.id}",
            domain=urlsplit(public_url).hostname or "earlyhelp",
        ),
        made_at=now(),
    )
    name = f"meeting-{meeting.held_on}.ics"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type="text/calendar; charset=utf-8; method=PUBLISH", headers=headers)
