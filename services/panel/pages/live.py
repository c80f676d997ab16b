"""The screen of who follows a meeting: it shows the item that is heard, as far as it is open to them."""

from typing import Any
from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.panel.actions import attendance as actions
from services.panel.both_doors.live_screen import Screen, screen_of
from services.panel.pages import pages
from services.panel.queries import meeting as reads
from services.panel.queries.knowledge import what_agencies_know
from services.panel.queries.stand import version_of
from services.panel.rules import meeting as rules
from services.panel.rules.consent import CLOSED_BECAUSE
from services.panel.tables import MeetingRow
from shared.audit import record
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources

_REFRESH_SECONDS = 20
"""How often a page without JavaScript shows itself anew, until somebody tells it not to."""


@pages.get("/meetings/<uuid:meeting_id>/live")
@needs("coordinator", "panel_member")
def follow_meeting(meeting_id: UUID) -> str:
    """Show a meeting as it goes on, to somebody with a seat at its panel."""
    with database().begin() as session:
        meeting = seated_meeting(session, meeting_id)
        record(session, who=current_person().person_id, did="followed", subject="meeting", subject_id=meeting_id)
        refreshes = meeting.state in ("agenda_closed", "in_session") and "still" not in request.args
        return render_template(
            "panel/meeting/follow.html",
            refreshes=refreshes,
            refresh_seconds=_REFRESH_SECONDS,
            **_shown(session, meeting),
        )


@pages.get("/meetings/<uuid:meeting_id>/live/screen")
@needs("coordinator", "panel_member")
def following_screen(meeting_id: UUID) -> ResponseReturnValue:
    """Give the parts of that page that change; 204 when the browser has the newest version."""
    with database().read() as session:
        meeting = seated_meeting(session, meeting_id)
        if is_newest(session, meeting_id):
            return Response(status=204)
        return render_template("panel/meeting/following.html", **_shown(session, meeting, is_one_of_many=True))


@pages.post("/meetings/<uuid:meeting_id>/live/here")
@needs("coordinator", "panel_member")
def say_here(meeting_id: UUID) -> ResponseReturnValue:
    """Record that the person is there, and keeps to the confidentiality statement."""
    version = resources().authority.confidentiality.version
    with database().begin() as session:
        actions.say_here(session, meeting_id, statement_version=version, by=current_person().person_id, now=now())
    return redirect(url_for("pages.follow_meeting", meeting_id=meeting_id))


def seated_meeting(session: Session, meeting_id: UUID) -> MeetingRow:
    """Return a meeting for somebody with a seat at its panel; raises NotFound."""
    meeting = reads.the_meeting(session, meeting_id)
    rules.check_may_see(reads.seats_held(session, meeting.panel_id, current_person().person_id))
    return meeting


def is_newest(session: Session, meeting_id: UUID) -> bool:
    """Say whether the browser, which tells the version it has, has the newest."""
    return request.args.get("have", "") == str(version_of(session, meeting_id))


def screen_for(session: Session, meeting: MeetingRow, *, is_one_of_many: bool = False) -> Screen:
    """Return a meeting as whoever asks may see it."""
    authority = resources().authority
    return screen_of(session, meeting, current_person(), authority, now(), is_one_of_many=is_one_of_many)


def shown_running(session: Session, meeting: MeetingRow) -> dict[str, Any]:
    """Return what the screen of a sitting meeting shows to who runs it; the audit keeps what it says of a family."""
    screen = screen_for(session, meeting)
    people = {row.written_by for row in screen.notes.values()} | {row.person_id for row in screen.unsaved}
    names = reads.people_of(session, people)
    agencies = []
    if (one := screen.now) and one.has_paper:
        agencies = what_agencies_know(session, meeting.panel_id, [one.item])[one.item.id]
        record(
            session,
            who=current_person().person_id,
            did="read_what_agencies_know",
            subject="request",
            subject_id=one.item.request_id,
        )
    return {"screen": screen, "agencies": agencies, "name_of": names.get}


def _shown(session: Session, meeting: MeetingRow, *, is_one_of_many: bool = False) -> dict[str, Any]:
    screen = screen_for(session, meeting, is_one_of_many=is_one_of_many)
    return {"meeting": meeting, "screen": screen, "closed_because": CLOSED_BECAUSE}
