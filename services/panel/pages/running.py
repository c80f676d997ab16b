"""The screen of who runs a meeting: take items up, leave them for later, hand over, take a mistake back."""

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields
from sqlalchemy.orm import Session

from services.panel.actions import attendance as attendance_actions
from services.panel.actions import meeting as meeting_actions
from services.panel.actions import stand as actions
from services.panel.pages import pages
from services.panel.pages.live import is_newest, shown_running
from services.panel.pages.meeting import form_of_two, meeting_to_run, two_of, two_people
from services.panel.pages.trying import DONE, try_form
from services.panel.queries.stand import decided_at
from services.panel.rules.stand import MovedOn, check_opening_may_be_taken_back
from services.panel.tables import MeetingRow
from shared.errors import Invalid
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.forms import Form, PageForm, read_form, show_form


class _Step(PageForm):
    """Where to go, and from where: the item that the page showed as heard."""

    item_id = fields.UUID(required=True)
    seen = fields.UUID(load_default=None, allow_none=True)


@pages.get("/meetings/<uuid:meeting_id>/meeting/screen")
@needs("coordinator", "panel_member")
def running_screen(meeting_id: UUID) -> ResponseReturnValue:
    """Give the parts of the screen that change; 204 when the browser has the newest version."""
    with database().begin() as session:
        meeting = meeting_to_run(session, meeting_id)
        if is_newest(session, meeting_id):
            return Response(status=204)
        if meeting.state != "in_session":
            return render_template("panel/meeting/moved_on.html", meeting=meeting)
        return render_template("panel/meeting/in_session.html", meeting=meeting, **shown_running(session, meeting))


@pages.post("/meetings/<uuid:meeting_id>/meeting/item")
@needs("coordinator", "panel_member")
def take_up(meeting_id: UUID) -> ResponseReturnValue:
    """Take an item up; whoever pressed after somebody else is shown where the meeting is."""
    step = _step()
    try:
        with database().begin() as session:
            actions.go_to_item(session, step["item_id"], seen=step["seen"], by=current_person().person_id)
    except MovedOn as moved_on:
        flash(str(moved_on))
    return _to_meeting(meeting_id)


@pages.post("/meetings/<uuid:meeting_id>/meeting/later")
@needs("coordinator", "panel_member")
def leave_item(meeting_id: UUID) -> ResponseReturnValue:
    """Leave the item that is heard for later, and take up the next."""
    try:
        with database().begin() as session:
            actions.leave_for_later(session, _step()["item_id"], by=current_person().person_id, now=now())
    except MovedOn as moved_on:
        flash(str(moved_on))
    return _to_meeting(meeting_id)


@pages.post("/meetings/<uuid:meeting_id>/meeting/read-out")
@needs("coordinator", "panel_member")
def read_out(meeting_id: UUID) -> ResponseReturnValue:
    """Record that the confidentiality statement was read out to whoever is there."""
    version = resources().authority.confidentiality.version
    with database().begin() as session:
        attendance_actions.say_read_out(
            session, meeting_id, statement_version=version, by=current_person().person_id, now=now()
        )
    return _to_meeting(meeting_id)


@pages.get("/meetings/<uuid:meeting_id>/meeting/hand-over")
@needs("coordinator", "panel_member")
def handing_over(meeting_id: UUID) -> str:
    """Show who chairs and takes the notes, to be changed."""
    with database().read() as session:
        meeting = meeting_to_run(session, meeting_id)
        now_are = {"chaired_by": str(meeting.chaired_by), "notes_by": str(meeting.notes_by)}
        return _show_handing_over(session, meeting, show_form(form_of_two(session, meeting), now_are))


@pages.post("/meetings/<uuid:meeting_id>/meeting/hand-over")
@needs("coordinator", "panel_member")
def hand_over(meeting_id: UUID) -> ResponseReturnValue:
    """Let somebody else chair, or take the notes."""
    with database().read() as session:
        form = read_form(form_of_two(session, meeting_to_run(session, meeting_id)), request.form)
    status = try_form(
        form,
        lambda session: meeting_actions.hand_over(
            session, meeting_id, **two_of(form), by=current_person().person_id, now=now()
        ),
    )
    if status == DONE:
        flash("The meeting is handed over")
        return _to_meeting(meeting_id)
    with database().read() as session:
        return _show_handing_over(session, meeting_to_run(session, meeting_id), form), status


@pages.get("/meetings/<uuid:meeting_id>/meeting/mistake")
@needs("coordinator", "panel_member")
def opened_by_mistake(meeting_id: UUID) -> str:
    """Show what taking an opening back does."""
    with database().read() as session:
        meeting = meeting_to_run(session, meeting_id)
        check_opening_may_be_taken_back(meeting.state, decided_at(session, meeting_id))
        return render_template("panel/meeting/mistake.html", meeting=meeting)


@pages.post("/meetings/<uuid:meeting_id>/meeting/mistake")
@needs("coordinator", "panel_member")
def take_back_opening(meeting_id: UUID) -> ResponseReturnValue:
    """Take back that a meeting was opened."""
    with database().begin() as session:
        meeting_actions.take_back_opening(session, meeting_id, by=current_person().person_id)
    flash("The meeting is not open any more")
    return redirect(url_for("pages.agenda", meeting_id=meeting_id))


def _step() -> dict[str, Any]:
    typed = read_form(_Step(), request.form)
    if typed.errors:
        raise Invalid("Go back to the meeting and press the button again.")
    return typed.values


def _show_handing_over(session: Session, meeting: MeetingRow, form: Form) -> str:
    return render_template(
        "panel/meeting/handing_over.html", meeting=meeting, form=form, **two_people(session, meeting)
    )


def _to_meeting(meeting_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("pages.run_meeting", meeting_id=meeting_id))
