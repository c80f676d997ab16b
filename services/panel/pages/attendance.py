"""Who is at a meeting: everybody in one press, or who is not; it can be corrected until the meeting ends."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema
from sqlalchemy.orm import Session

from services.panel.actions import attendance as actions
from services.panel.actions.attendance import Presence
from services.panel.pages import pages
from services.panel.pages.meeting import meeting_to_run
from services.panel.queries import calendar as calendar_reads
from services.panel.queries import meeting as reads
from services.panel.queries.calendar import SeatLine
from services.panel.queries.stand import attended
from services.panel.rules.agenda import SEATS
from services.panel.rules.meeting import PRESENCE
from services.panel.tables import MeetingRow
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.fields import Choice, Choices, Line
from shared.web.forms import Form, PageForm, read_form, show_form

_HERE, _SUBSTITUTE = "present", "substitute"
_READ_OUT = "read_out"


@pages.get("/meetings/<uuid:meeting_id>/meeting/attendance")
@needs("coordinator", "panel_member")
def attendance(meeting_id: UUID) -> ResponseReturnValue:
    """Show who is there as it was recorded; whoever was not recorded yet is taken to be."""
    with database().read() as session:
        meeting = meeting_to_run(session, meeting_id)
        seated = _seated(session, meeting)
        recorded = attended(session, meeting_id)
        shown = {f"presence-{person_id}": _HERE for person_id in seated}
        for person_id, row in recorded.items():
            shown |= {f"presence-{person_id}": row.presence, f"substitute-{person_id}": row.substitute}
        return _show(meeting, seated, show_form(_attendance_form(seated), shown))


@pages.post("/meetings/<uuid:meeting_id>/meeting/attendance")
@needs("coordinator", "panel_member")
def record_attendance(meeting_id: UUID) -> ResponseReturnValue:
    """Record who is at a meeting."""
    with database().begin() as session:
        meeting = meeting_to_run(session, meeting_id)
        seated = _seated(session, meeting)
        form = read_form(_attendance_form(seated), request.form)
        if "everybody" in request.form:
            presences = dict.fromkeys(seated, Presence(_HERE))
        elif form.errors:
            return _show(meeting, seated, form), 422
        else:
            presences = _said(seated, form)
        by, version = current_person().person_id, resources().authority.confidentiality.version
        actions.record_attendance(session, meeting_id, presences=presences, by=by, now=now())
        if request.form.get(_READ_OUT):
            actions.say_read_out(session, meeting_id, statement_version=version, by=by, now=now())
    flash("Attendance is recorded")
    return redirect(url_for("pages.run_meeting", meeting_id=meeting_id))


def _seated(session: Session, meeting: MeetingRow) -> dict[UUID, SeatLine]:
    """Return the seats that have a person, by person in the order of agencies: the chair first among those of one."""
    lines = sorted(calendar_reads.seats_of(session, meeting.panel_id), key=lambda line: line.agency or "~")
    return {line.seat.person_id: line for line in lines if line.seat.person_id is not None}


def _name(line: SeatLine) -> str:
    return f"{line.person or reads.UNNAMED} ({SEATS.get(line.seat.seat, line.seat.seat).lower()})"


def _attendance_form(seated: dict[UUID, SeatLine]) -> Schema:
    fields: dict[str, Any] = {f"presence-{key}": Choice(_name(line), PRESENCE) for key, line in seated.items()}
    fields |= {f"substitute-{key}": Line("Who came in their place", longest=100) for key in seated}
    fields[_READ_OUT] = Choices("That the statement was read out", ("yes",))
    return PageForm.from_dict(fields)()


def _said(seated: dict[UUID, SeatLine], form: Form) -> dict[UUID, Presence]:
    """Return who is there as it was typed; a name counts only where somebody else came."""
    said = {}
    for person_id in seated:
        presence = form.values[f"presence-{person_id}"]
        name = form.values[f"substitute-{person_id}"] if presence == _SUBSTITUTE else ""
        if presence:
            said[person_id] = Presence(presence, name)
    return said


def _show(meeting: MeetingRow, seated: dict[UUID, SeatLine], form: Form) -> str:
    agencies: dict[str, dict[UUID, str]] = {}
    for person_id, line in seated.items():
        agencies.setdefault(line.agency or "No agency", {})[person_id] = _name(line)
    return render_template(
        "panel/meeting/attendance.html",
        meeting=meeting,
        form=form,
        agencies=agencies,
        people_count=len(seated),
        presence=PRESENCE,
        statement=resources().authority.confidentiality.text,
    )
