"""One meeting moved, cancelled or added, by the panel's coordinator or an administrator."""

from datetime import datetime, time
from typing import Any, cast
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields as plain_fields
from marshmallow import validate
from sqlalchemy.orm import Session

from services.panel.access import meeting_run_by, panel_run_by
from services.panel.actions import rescheduling as actions
from services.panel.actions.calendar import cut_off_of
from services.panel.pages import pages
from services.panel.queries import agenda as agenda_queries
from services.panel.rules.rescheduling import ChangedMeanwhile, WhenAndWhere
from services.panel.tables import MeetingRow, PanelRow
from shared.authority.panel_words import cut_off_in_words
from shared.errors import Conflict, Invalid
from shared.london import LONDON, time_in_words
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.fields import Choices, ClockTime, Day, Line
from shared.web.formats import clock_time
from shared.web.forms import Form, PageForm, read_form, show_form

CONFIRM = {"yes": "I have checked with the chair: this changes although the papers have gone out"}
MOST_PLACES = 100


class _Number(plain_fields.Integer):
    """A whole number as somebody types it."""

    def __init__(self, label: str, *, most: int) -> None:
        wrong = f"{label} must be a whole number from 1 to {most}"
        super().__init__(
            required=True,
            validate=validate.Range(1, most, error=wrong),
            error_messages={"required": wrong, "invalid": wrong, "null": wrong},
        )


class WhenAndWhereForm(PageForm):
    """When and where a meeting is to be."""

    held_on = Day("The day", required=True, future=True)
    starts = ClockTime("The time when it begins", required=True)
    minutes = _Number("Minutes", most=600)
    place = Line("The place", required=True)
    video_link = Line("The link for video", longest=500)
    places = _Number("Families", most=MOST_PLACES)
    closes_on = Day("The day on which the agenda closes", future=True)
    closes_at = ClockTime("The time when the agenda closes")


class WhyForm(PageForm):
    """Why a meeting is changed; `seen` is its sequence when the page was opened."""

    because = Line("The reason", longest=200, required=True)
    seen = plain_fields.Integer(load_default=0)
    is_confirmed = Choices("Confirmation", CONFIRM)


class MoveForm(WhyForm, WhenAndWhereForm):
    """When, where and why, in the order of the page: the errors stand in it too."""


@pages.get("/panels/<key>/meetings/new")
@needs("coordinator", "administrator")
def add_meeting(key: str) -> ResponseReturnValue:
    """Ask when and where an extra meeting is to be."""
    with database().read() as session:
        panel = panel_run_by(session, key, current_person())
        return _show_add(panel, show_form(MoveForm(), _usual(panel)))


@pages.post("/panels/<key>/meetings/new")
@needs("coordinator", "administrator")
def post_add_meeting(key: str) -> ResponseReturnValue:
    """Add the meeting; the most urgent who wait move up to it."""
    person, form = current_person(), read_form(MoveForm(), request.form)
    status = 422
    with database().begin() as session:
        panel = panel_run_by(session, key, person)
        new = _when_and_where(form)
        if new is not None:
            try:
                with session.begin_nested():
                    meeting = actions.add_meeting(
                        session,
                        panel,
                        new,
                        because=form.values["because"],
                        by=person.person_id,
                        closures=resources().authority.closures,
                        now=now(),
                    )
                flash("The meeting is added, and everybody with a seat is told")
                return redirect(url_for("pages.agenda", meeting_id=meeting.id))
            except (Invalid, Conflict) as refusal:
                status = form.add_refusal(refusal)
        return _show_add(panel, form), status


@pages.get("/meetings/<uuid:meeting_id>/moving")
@needs("coordinator", "administrator")
def move_meeting(meeting_id: UUID) -> ResponseReturnValue:
    """Ask for another day, time or place of a meeting."""
    with database().read() as session:
        meeting = meeting_run_by(session, meeting_id, current_person())
        return _show_move(session, meeting, show_form(MoveForm(), _as_it_is(meeting)))


@pages.post("/meetings/<uuid:meeting_id>/moving")
@needs("coordinator", "administrator")
def post_move_meeting(meeting_id: UUID) -> ResponseReturnValue:
    """Move the meeting with the families on it, and tell everybody."""
    form, status = read_form(MoveForm(), request.form), 422
    with database().begin() as session:
        meeting = meeting_run_by(session, meeting_id, current_person())
        new = _when_and_where(form)
        if new is not None:
            try:
                with session.begin_nested():
                    actions.move_meeting(
                        session, meeting_id, new, _change(form), closures=resources().authority.closures, now=now()
                    )
                flash("The meeting is changed, and everybody concerned is told")
                return redirect(url_for("pages.agenda", meeting_id=meeting_id))
            except (Invalid, Conflict) as refusal:
                status = form.add_refusal(refusal)
                session.refresh(meeting)
                _look_again(form, meeting, refusal)
        return _show_move(session, meeting, form), status


@pages.get("/meetings/<uuid:meeting_id>/cancelling")
@needs("coordinator", "administrator")
def cancel_meeting(meeting_id: UUID) -> ResponseReturnValue:
    """Ask why a meeting is cancelled, and say what becomes of the families on it."""
    with database().read() as session:
        meeting = meeting_run_by(session, meeting_id, current_person())
        return _show_cancel(session, meeting, show_form(WhyForm(), {"seen": meeting.sequence}))


@pages.post("/meetings/<uuid:meeting_id>/cancelling")
@needs("coordinator", "administrator")
def post_cancel_meeting(meeting_id: UUID) -> ResponseReturnValue:
    """Cancel the meeting, give its families other places, and tell everybody."""
    form, status = read_form(WhyForm(), request.form), 422
    with database().begin() as session:
        meeting = meeting_run_by(session, meeting_id, current_person())
        if not form.errors:
            try:
                with session.begin_nested():
                    actions.cancel_meeting(session, meeting_id, _change(form), now=now())
                flash("The meeting is cancelled, and everybody concerned is told")
                return redirect(url_for("pages.panel", key=meeting.panel.key))
            except (Invalid, Conflict) as refusal:
                status = form.add_refusal(refusal)
                session.refresh(meeting)
                _look_again(form, meeting, refusal)
        return _show_cancel(session, meeting, form), status


def _when_and_where(form: Form) -> WhenAndWhere | None:
    """Return what was asked for, or None with the errors on the form."""
    values = form.values
    if values and (values["closes_on"] is None) != (not values["closes_at"]):
        form.add_error("closes_on", "Give both the day and the time when the agenda closes, or neither")
    if form.errors:
        return None
    closes_at = None
    if values["closes_on"] is not None:
        closes_at = datetime.combine(values["closes_on"], time.fromisoformat(values["closes_at"]), tzinfo=LONDON)
    return WhenAndWhere(
        held_on=values["held_on"],
        starts=time.fromisoformat(values["starts"]),
        minutes=values["minutes"],
        place=values["place"],
        video_link=values["video_link"],
        places=values["places"],
        agenda_closes_at=closes_at,
    )


def _change(form: Form) -> actions.Change:
    return actions.Change(
        by=current_person().person_id,
        because=form.values["because"],
        seen=form.values["seen"],
        is_confirmed="yes" in form.values["is_confirmed"],
    )


def _look_again(form: Form, meeting: MeetingRow, refusal: Exception) -> None:
    """Let somebody who has seen the meeting as it is now send again what they typed."""
    if isinstance(refusal, ChangedMeanwhile):
        cast("dict[str, Any]", form.entered)["seen"] = meeting.sequence


def _usual(panel: PanelRow) -> dict[str, Any]:
    return {
        "starts": time_in_words(panel.starts),
        "minutes": panel.minutes,
        "place": panel.place,
        "video_link": panel.video_link,
        "places": panel.capacity,
    }


def _as_it_is(meeting: MeetingRow) -> dict[str, Any]:
    return {
        "held_on": meeting.held_on,
        "starts": clock_time(meeting.starts_at),
        "minutes": int((meeting.ends_at - meeting.starts_at).total_seconds() // 60),
        "place": meeting.place,
        "video_link": meeting.video_link,
        "places": meeting.places,
        "seen": meeting.sequence,
    }


def _show_add(panel: PanelRow, form: Form) -> str:
    return render_template(
        "panel/meetings/arrange.html", panel=panel, meeting=None, form=form, cut_off=cut_off_in_words(cut_off_of(panel))
    )


def _show_move(session: Session, meeting: MeetingRow, form: Form) -> str:
    return render_template(
        "panel/meetings/arrange.html",
        panel=meeting.panel,
        meeting=meeting,
        form=form,
        families=agenda_queries.families_at(session, [meeting.id]).get(meeting.id, 0),
        cut_off=cut_off_in_words(cut_off_of(meeting.panel)),
        confirm=CONFIRM,
    )


def _show_cancel(session: Session, meeting: MeetingRow, form: Form) -> str:
    families = agenda_queries.families_at(session, [meeting.id]).get(meeting.id, 0)
    return render_template("panel/meetings/cancel.html", meeting=meeting, form=form, families=families, confirm=CONFIRM)
