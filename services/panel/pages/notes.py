"""Notes on an item, and what is typed on a form about it and not saved."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields
from sqlalchemy.orm import Session

from services.panel.actions import notes as actions
from services.panel.pages import pages
from services.panel.queries import meeting as reads
from services.panel.queries.stand import latest_note, unsaved_by
from services.panel.rules.notes import check_kept
from services.panel.tables import AgendaItemRow, MeetingRow, NoteRow
from shared.audit import record
from shared.errors import NotFound
from shared.web.access import current_person, needs
from shared.web.app import database, now
from shared.web.fields import Words
from shared.web.formats import clock_time
from shared.web.forms import Form, PageForm, read_form, show_form


class NoteForm(PageForm):
    """Notes, and the version that the page showed."""

    text = Words("The notes")
    seen = fields.Integer(load_default=0)


@pages.get("/meetings/<uuid:meeting_id>/meeting/items/<uuid:item_id>/notes")
@needs("coordinator", "panel_member")
def notes(meeting_id: UUID, item_id: UUID) -> str:
    """Show the notes on an item to who runs the meeting; the audit keeps who read them."""
    with database().begin() as session:
        meeting, item = _may_write(session, meeting_id, item_id)
        note = latest_note(session, item_id)
        record(session, who=current_person().person_id, did="read_note", subject="agenda_item", subject_id=item_id)
        return _show(session, meeting, item, show_form(NoteForm(), {"text": note.text if note else ""}), note)


@pages.post("/meetings/<uuid:meeting_id>/meeting/items/<uuid:item_id>/notes")
@needs("coordinator", "panel_member")
def save_note(meeting_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Save the notes on an item; whoever saves second is shown what the first wrote, and keeps what they typed."""
    form = read_form(NoteForm(), request.form)
    changed = False
    if not form.errors:
        try:
            with database().begin() as session:
                _may_write(session, meeting_id, item_id)
                actions.write_note(session, item_id, **form.values, by=current_person().person_id, now=now())
        except actions.NoteChanged as refusal:
            form.add_refusal(refusal)
            changed = True
        else:
            flash("The notes are saved")
            return redirect(url_for("pages.run_meeting", meeting_id=meeting_id))
    with database().read() as session:
        meeting, item = _may_write(session, meeting_id, item_id)
        page = _show(session, meeting, item, form, latest_note(session, item_id), changed=changed)
    return page, 409 if changed else 422


@pages.get("/items/<uuid:item_id>/unsaved/<form>")
@needs("coordinator", "panel_member")
def unsaved(item_id: UUID, form: str) -> Response:
    """Return what the person typed on a form about an item and did not save: `fields`, by name; empty for nothing."""
    person_id = current_person().person_id
    with database().read() as session:
        item = reads.the_item(session, item_id)
        actions.check_may_write(session, item, reads.the_meeting(session, item.meeting_id), person_id)
        row = unsaved_by(session, item_id, person_id, form)
        return jsonify({"fields": row.fields if row else {}})


@pages.post("/items/<uuid:item_id>/unsaved/<form>")
@needs("coordinator", "panel_member")
def keep_unsaved(item_id: UUID, form: str) -> Response:
    """Keep what the person has typed, or forget it where they emptied the form; says when, as pages say a time."""
    typed = {name: request.form.getlist(name) for name in request.form if name != "csrf_token"}
    check_kept(form, typed)
    person_id = current_person().person_id
    with database().begin() as session:
        actions.keep_unsaved(session, item_id, form, fields=typed, by=person_id, now=now())
    return jsonify({"kept_at": clock_time(now())})


def _may_write(session: Session, meeting_id: UUID, item_id: UUID) -> tuple[MeetingRow, AgendaItemRow]:
    item = reads.the_item(session, item_id)
    meeting = reads.the_meeting(session, item.meeting_id)
    if meeting.id != meeting_id:
        raise NotFound("There is no such item on this agenda.")
    actions.check_may_write(session, item, meeting, current_person().person_id)
    return meeting, item


def _show(
    session: Session,
    meeting: MeetingRow,
    item: AgendaItemRow,
    form: Form,
    note: NoteRow | None,
    *,
    changed: bool = False,
) -> str:
    names: Callable[[Any], Any] = reads.people_of(session, [note.written_by if note else None]).get
    return render_template(
        "panel/meeting/notes.html",
        meeting=meeting,
        item=item,
        form=form,
        note=note,
        changed=changed,
        typed=form.entered.get("text", ""),
        name_of=names,
    )
