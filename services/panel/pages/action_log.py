"""The action log: what was agreed at meetings, who does it, by when, and what became of it."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.panel.actions import action_log as actions
from services.panel.both_doors.action_lines import ShownAction, shown_actions
from services.panel.pages import pages
from services.panel.pages.asking import id_or_none
from services.panel.pages.trying import DONE, try_form
from services.panel.queries import action_log as reads
from services.panel.queries.calendar import panels_of
from services.panel.queries.meeting import agency_names, people_of
from services.panel.rules.action_log import MARKS, STATES, marks_for
from services.panel.rules.meeting import RUNS
from shared.audit import record
from shared.london import london_date
from shared.spreadsheet import csv_file
from shared.web.access import current_person, needs
from shared.web.app import database, now, today
from shared.web.fields import Choice, Line, Words
from shared.web.forms import Form, PageForm, read_form, show_form
from shared.web.paging import page_asked_for, shown

ROLES = ("coordinator", "panel_member", "agency_manager", "lead_practitioner", "social_worker")
"""Who may have something to do, or look after those who have."""

FILTERS = {"open": "Open", "overdue": "Overdue", "done": "Done", "not_needed": "Not needed any more"}
COLUMNS = (
    "What",
    "Family",
    "Agency",
    "Person",
    "Due",
    "State",
    "Note",
    "Marked on",
    "Panel",
    "Meeting",
    "Item",
)


class MarkForm(PageForm):
    """What somebody says of an action; `mark_id` is what they saw said before."""

    mark_id = Line("What was said before")
    mark = Choice("What became of it", MARKS, required=True)
    note = Words("The note", longest=1000)


@pages.get("/actions")
@needs(*ROLES)
def action_log() -> str:
    """Show a page of the action log: what is overdue first."""
    person = current_person()
    with database().begin() as session:
        asked = _asked_for(session)
        found = shown(reads.log_page(session, person, asked, today=today(), number=page_asked_for()))
        lines = shown_actions(session, found.rows, person, today=today())
        record(session, who=person.person_id, did="read_action_log", subject="action_log", subject_id="page")
        return render_template(
            "panel/actions/log.html",
            found=found,
            lines=lines,
            asked=asked,
            filters=FILTERS,
            counts=reads.counts(session, person, asked, today=today()),
            panels=panels_of(session, person.person_id, seats=tuple(RUNS)),
            agencies=agency_names(session),
            kept={name: text for name, text in request.args.items() if name in ("panel", "agency", "mine") and text},
        )


@pages.get("/actions.csv")
@needs(*ROLES)
def action_log_csv() -> Response:
    """Return the whole log by the filter that is shown, as a spreadsheet; the audit keeps who took it."""
    person = current_person()
    with database().begin() as session:
        found = reads.all_lines(session, person, _asked_for(session), today=today())
        lines = [one for some in found for one in shown_actions(session, some, person, today=today())]
        record(
            session,
            who=person.person_id,
            did="took_action_log",
            subject="action_log",
            subject_id="csv",
            rows=len(lines),
        )
    headers = {"Content-Disposition": f'attachment; filename="actions-{today().isoformat()}.csv"'}
    return Response(csv_file(COLUMNS, map(_row, lines)), mimetype="text/csv", headers=headers)


@pages.get("/actions/<uuid:action_id>")
@needs(*ROLES)
def action(action_id: UUID) -> str:
    """Show an action and what was said of it; the audit keeps who read it."""
    with database().begin() as session:
        return _show(session, action_id, show_form(MarkForm()))


@pages.post("/actions/<uuid:action_id>")
@needs(*ROLES)
def mark_action(action_id: UUID) -> ResponseReturnValue:
    """Keep what somebody says of an action."""
    form = read_form(MarkForm(), request.form)
    status = try_form(
        form,
        lambda session: actions.mark_action(
            session,
            action_id,
            mark=form.values["mark"],
            note=form.values["note"],
            supersedes=id_or_none(form.values["mark_id"]),
            by=current_person(),
            now=now(),
        ),
    )
    if status == DONE:
        flash("It is recorded.")
        return redirect(url_for("pages.action", action_id=action_id))
    with database().begin() as session:
        return _show(session, action_id, form), status


def _asked_for(session: Session) -> reads.Shown:
    """Return what the address asks for; what is not there, or not theirs, is left out."""
    state = request.args.get("state", "open")
    keys = {panel.key: panel.id for panel in panels_of(session, current_person().person_id)}
    return reads.Shown(
        state=state if state in FILTERS else "",
        panel_id=keys.get(request.args.get("panel", "")),
        agency_id=id_or_none(request.args.get("agency", "")),
        mine=request.args.get("mine") == "yes",
    )


def _show(session: Session, action_id: UUID, form: Form) -> str:
    person = current_person()
    line = reads.the_line(session, action_id, person)
    [one] = shown_actions(session, [line], person, today=today())
    runs, owns = reads.runs_panel(session, line.panel.id, person), reads.owns(line.action, person)
    marks = reads.marks_of(session, action_id)
    record(session, who=person.person_id, did="read_action", subject="request", subject_id=line.item.request_id)
    return render_template(
        "panel/actions/action.html",
        one=one,
        form=form,
        marks=[] if one.closed else marks,
        people=people_of(session, [mark.marked_by for mark in marks]),
        words=MARKS | {"reopened": "Opened again"},
        choices={} if one.closed else marks_for(line.state, runs=runs, owns=owns),
        states=STATES,
        runs=runs,
    )


def _row(one: ShownAction) -> tuple[Any, ...]:
    marked_on: date | None = london_date(one.marked_at) if one.marked_at else None
    return (
        one.what or f"Closed to you: {one.closed}",
        one.reference,
        one.agency,
        one.person,
        one.due_on.isoformat(),
        one.state_in_words,
        one.note or one.stopped,
        marked_on.isoformat() if marked_on else "",
        one.panel,
        one.held_on.isoformat(),
        one.item_number,
    )
