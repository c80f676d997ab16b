"""The calendar: every date of the next half year, and each as an entry for one's own calendar."""

from itertools import groupby
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from services.panel.access import panels_seen_by, seated_at
from services.panel.actions.calendar import AHEAD
from services.panel.calendar_file import calendar_file
from services.panel.pages import pages
from services.panel.queries import calendar as queries
from shared.web.access import current_person, needs
from shared.web.app import database, today


@pages.get("/calendar")
@needs("coordinator", "panel_member", "administrator")
def calendar() -> ResponseReturnValue:
    """List the meetings of the next half year by month."""
    with database().read() as session:
        panel_ids = [panel.id for panel in panels_seen_by(session, current_person())]
        coming = queries.meetings_between(session, panel_ids, today(), today() + AHEAD)
    months = [(name, list(group)) for name, group in groupby(coming, key=lambda one: f"{one.held_on:%B %Y}")]
    return render_template("panel/meetings/calendar.html", months=months, most=queries.MOST_MEETINGS, shown=len(coming))


@pages.get("/meetings/<uuid:meeting_id>/invitation.ics")
@needs("coordinator", "panel_member", "administrator")
def invitation(meeting_id: UUID) -> ResponseReturnValue:
    """Give a meeting as an entry for the person's own calendar."""
    with database().read() as session:
        meeting = seated_at(session, meeting_id, current_person()).meeting
        return calendar_file(meeting)
