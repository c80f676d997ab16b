"""Running a meeting: open it, conflicts, its end."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema
from sqlalchemy.orm import Session

from services.panel.actions import meeting as actions
from services.panel.pages import pages
from services.panel.pages.live import shown_running
from services.panel.pages.trying import DONE, try_form
from services.panel.queries import meeting as reads
from services.panel.queries.no_part import no_part_at
from services.panel.rules import meeting as rules
from services.panel.rules.agenda import SEATS
from services.panel.rules.decisions import CARRIED_OVER_BECAUSE
from services.panel.rules.minutes import MINUTES_GO_OUT, due_on
from services.panel.tables import AgendaItemRow, MeetingRow
from shared.errors import NotFound
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.fields import Choice, Words
from shared.web.forms import Form, PageForm, read_form, show_form


@pages.get("/meetings/<uuid:meeting_id>/meeting")
@needs("coordinator", "panel_member")
def run_meeting(meeting_id: UUID) -> ResponseReturnValue:
    """Show where a meeting stands, to who runs it."""
    with database().begin() as session:
        meeting = meeting_to_run(session, meeting_id)
        form = show_form(form_of_two(session, meeting), _usual_people(session, meeting))
        return _show_meeting(session, meeting, form)


@pages.post("/meetings/<uuid:meeting_id>/meeting/opening")
@needs("coordinator", "panel_member")
def open_meeting(meeting_id: UUID) -> ResponseReturnValue:
    """Open a meeting."""
    with database().read() as session:
        meeting = meeting_to_run(session, meeting_id)
        form = read_form(form_of_two(session, meeting), request.form)
    status = try_form(
        form,
        lambda session: actions.open_meeting(
            session, meeting_id, **two_of(form), by=current_person().person_id, now=now()
        ),
    )
    if status == DONE:
        return redirect(url_for("pages.attendance", meeting_id=meeting_id))
    with database().read() as session:
        return _show_meeting(session, meeting_to_run(session, meeting_id), form), status


@pages.get("/meetings/<uuid:meeting_id>/meeting/items/<uuid:item_id>/conflict")
@needs("coordinator", "panel_member")
def conflict(meeting_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Show the form on which a conflict with an item is declared."""
    with database().read() as session:
        meeting, item = _meeting_and_item(session, meeting_id, item_id)
        form = show_form(_conflict_form(session, meeting), {"person_id": str(current_person().person_id)})
        return _show_conflict(session, meeting, item, form)


@pages.post("/meetings/<uuid:meeting_id>/meeting/items/<uuid:item_id>/conflict")
@needs("coordinator", "panel_member")
def declare_conflict(meeting_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Record that a member has a conflict with an item."""
    by = current_person().person_id
    with database().begin() as session:
        meeting, item = _meeting_and_item(session, meeting_id, item_id)
        form = read_form(_conflict_form(session, meeting), request.form)
        if form.errors:
            return _show_conflict(session, meeting, item, form), 422
        person_id = UUID(form.values["person_id"])
        actions.declare_conflict(session, item_id, person_id=person_id, nature=form.values["nature"], by=by, now=now())
        runs = bool(rules.RUNS.intersection(reads.parts_of(session, meeting, by)))
    flash(f"A conflict with item {item.number} is recorded. Its paper is closed to that member.")
    return redirect(url_for(_where_from(meeting, runs=runs), meeting_id=meeting_id))


@pages.get("/meetings/<uuid:meeting_id>/meeting/end")
@needs("coordinator", "panel_member")
def ending(meeting_id: UUID) -> ResponseReturnValue:
    """Show what ending the meeting will do."""
    with database().read() as session:
        return _show_ending(session, meeting_to_run(session, meeting_id), show_form(EndingForm(), {"minutes": "now"}))


@pages.post("/meetings/<uuid:meeting_id>/meeting/end")
@needs("coordinator", "panel_member")
def end_meeting(meeting_id: UUID) -> ResponseReturnValue:
    """End a meeting and issue its minutes."""
    form = read_form(EndingForm(), request.form)
    status = try_form(form, lambda session: _end(session, meeting_id, form))
    if status == DONE:
        later = form.values["minutes"] == "later"
        flash(f"The meeting has ended. The minutes {'wait for you' if later else 'are on their way to the members'}.")
        return redirect(url_for("pages.minutes", meeting_id=meeting_id))
    with database().read() as session:
        return _show_ending(session, meeting_to_run(session, meeting_id), form), status


class EndingForm(PageForm):
    """Why not every family was heard; the action says when it is needed."""

    not_heard_because = Choice("Why not every family was heard", CARRIED_OVER_BECAUSE)
    minutes = Choice("When the minutes go out", MINUTES_GO_OUT, load_default="now")


def _end(session: Session, meeting_id: UUID, form: Form) -> None:
    actions.end_meeting(
        session,
        meeting_id,
        not_heard_because=form.values["not_heard_because"],
        by=current_person().person_id,
        authority=resources().authority,
        now=now(),
        issues_minutes=form.values["minutes"] != "later",
    )


def meeting_to_run(session: Session, meeting_id: UUID) -> MeetingRow:
    """Return a meeting for who runs it; raises NotFound, Forbidden."""
    meeting = reads.the_meeting(session, meeting_id)
    rules.check_may_run(reads.parts_of(session, meeting, current_person().person_id))
    return meeting


def meeting_of_panel_led(session: Session, meeting_id: UUID) -> MeetingRow:
    """Return a meeting for who leads or prepares its panel, not for who only takes its notes; raises NotFound, Forbidden."""
    meeting = reads.the_meeting(session, meeting_id)
    rules.check_may_run(reads.seats_held(session, meeting.panel_id, current_person().person_id))
    return meeting


def _meeting_and_item(session: Session, meeting_id: UUID, item_id: UUID) -> tuple[MeetingRow, AgendaItemRow]:
    meeting = reads.the_meeting(session, meeting_id)
    rules.check_may_see(reads.seats_held(session, meeting.panel_id, current_person().person_id))
    item = reads.the_item(session, item_id)
    if item.meeting_id != meeting_id:
        raise NotFound("There is no such item on this agenda.")
    return meeting, item


def _people(session: Session, meeting: MeetingRow, seats: frozenset[str] | None = None) -> dict[str, str]:
    rows = [row for row in reads.seats_of(session, meeting.panel_id) if seats is None or row.seat in seats]
    names = reads.people_of(session, [row.person_id for row in rows])
    return {
        str(row.person_id): f"{names[row.person_id]} ({SEATS.get(row.seat, row.seat).lower()})"
        for row in rows
        if row.person_id is not None
    }


def _usual_people(session: Session, meeting: MeetingRow) -> dict[str, str]:
    """Return the panel's own chair and coordinator, as the form is first filled."""
    by_seat = {row.seat: str(row.person_id) for row in reads.seats_of(session, meeting.panel_id)}
    usual = {"chaired_by": by_seat.get("chair", ""), "notes_by": by_seat.get("coordinator", "")}
    return {name: person for name, person in usual.items() if person}


def _conflict_form(session: Session, meeting: MeetingRow) -> Schema:
    fields: dict[str, Any] = {
        "person_id": Choice("Who has the conflict", _people(session, meeting), required=True),
        "nature": Words("What the conflict is", longest=1000, required=True),
    }
    return PageForm.from_dict(fields)()


def form_of_two(session: Session, meeting: MeetingRow) -> Schema:
    """Return the form that says who chairs and who takes the notes."""
    fields: dict[str, Any] = {
        "chaired_by": Choice("Who chairs", _people(session, meeting, rules.CHAIRS), required=True),
        "notes_by": Choice("Who takes the notes", _people(session, meeting), required=True),
    }
    return PageForm.from_dict(fields)()


def two_of(form: Form) -> dict[str, UUID]:
    """Return who chairs and who takes the notes, as it was chosen on a form without errors."""
    return {name: UUID(form.values[name]) for name in ("chaired_by", "notes_by")}


def two_people(session: Session, meeting: MeetingRow) -> dict[str, dict[str, str]]:
    """Return who may chair, and who may take the notes, as a form offers them."""
    return {"chairs": _people(session, meeting, rules.CHAIRS), "seated": _people(session, meeting)}


def _show_meeting(session: Session, meeting: MeetingRow, form: Form) -> str:
    shown: dict[str, Any]
    if meeting.state == "in_session":
        shown = shown_running(session, meeting)
    else:
        shown = {
            "items": reads.items_of(session, meeting.id),
            "is_its_day": today() >= meeting.held_on,
            **two_people(session, meeting),
        }
    return render_template("panel/meeting/meeting.html", meeting=meeting, form=form, **shown)


def _show_conflict(session: Session, meeting: MeetingRow, item: AgendaItemRow, form: Form) -> str:
    me = current_person().person_id
    runs = bool(rules.RUNS.intersection(reads.parts_of(session, meeting, me)))
    people = _people(session, meeting) if runs else {str(me): "Me"}
    return render_template(
        "panel/meeting/conflict.html",
        meeting=meeting,
        item=item,
        reference="" if no_part_at(session, [item], me) else item.reference,
        form=form,
        people=people,
        back=url_for(_where_from(meeting, runs=runs), meeting_id=meeting.id),
    )


def _where_from(meeting: MeetingRow, *, runs: bool) -> str:
    """Return the page from which somebody declares a conflict."""
    if meeting.state != "in_session":
        return "pages.agenda"
    return "pages.run_meeting" if runs else "pages.follow_meeting"


def _show_ending(session: Session, meeting: MeetingRow, form: Form) -> str:
    not_heard = [item for item in reads.items_of(session, meeting.id) if item.state == "placed"]
    return render_template(
        "panel/meeting/ending.html",
        meeting=meeting,
        form=form,
        not_heard=not_heard,
        no_part=no_part_at(session, not_heard, current_person().person_id),
        reasons=CARRIED_OVER_BECAUSE,
        minutes=MINUTES_GO_OUT,
        minutes_due_on=due_on(meeting.held_on, meeting.panel.minutes_within),
    )
