"""What changes about minutes: corrections that members propose, their approval at a later meeting, addenda."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema
from sqlalchemy.orm import Session

from services.panel.actions import minutes_approval as approval_actions
from services.panel.actions import minutes_corrections as actions
from services.panel.pages import pages
from services.panel.pages.asking import id_or_none
from services.panel.pages.meeting import meeting_to_run
from services.panel.pages.minutes import meeting_with_minutes, show_minutes
from services.panel.pages.trying import DONE, try_form
from services.panel.queries import meeting as reads
from services.panel.queries import minutes_kept as kept
from services.panel.rules.minutes import ANSWERS, LONGEST_CORRECTION
from services.panel.tables import MeetingRow
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.fields import Choice, Line, Words
from shared.web.forms import Form, PageForm, read_form, show_form


class ProposalForm(PageForm):
    """What a member says is wrong, and at which item."""

    item_id = Line("The item")
    text = Words("What is wrong, and what it should say", longest=LONGEST_CORRECTION, required=True)


class AnswerForm(PageForm):
    """The answer to a proposed correction."""

    answer = Choice("The answer", ANSWERS, required=True)
    correction = Words("What the minutes are to say", longest=LONGEST_CORRECTION)
    reason = Words("Why not", longest=LONGEST_CORRECTION)


class AddendumForm(PageForm):
    """What is added to approved minutes, and at which item."""

    item_id = Line("The item")
    words = Words("What is added", longest=LONGEST_CORRECTION, required=True)


@pages.post("/meetings/<uuid:meeting_id>/minutes/corrections")
@needs("coordinator", "panel_member")
def propose_correction(meeting_id: UUID) -> ResponseReturnValue:
    """Keep what a member says is wrong in the draft."""
    form = read_form(ProposalForm(), request.form)
    status = try_form(
        form,
        lambda session: actions.propose_correction(
            session,
            meeting_id,
            item_id=id_or_none(form.values["item_id"]),
            text=form.values["text"],
            by=current_person().person_id,
            now=now(),
        ),
    )
    if status == DONE:
        flash("Your correction is with whoever took the notes. You find the answer here.")
        return redirect(url_for("pages.minutes", meeting_id=meeting_id))
    with database().begin() as session:
        return show_minutes(session, meeting_id, form=form, proposal=form), status


@pages.get("/meetings/<uuid:meeting_id>/minutes/corrections/<uuid:proposal_id>")
@needs("coordinator", "panel_member")
def correction(meeting_id: UUID, proposal_id: UUID) -> ResponseReturnValue:
    """Show a proposed correction to whoever answers it."""
    with database().read() as session:
        return _show_correction(session, meeting_id, proposal_id)


@pages.post("/meetings/<uuid:meeting_id>/minutes/corrections/<uuid:proposal_id>")
@needs("coordinator", "panel_member")
def answer_correction(meeting_id: UUID, proposal_id: UUID) -> ResponseReturnValue:
    """Accept a proposed correction, or say why not."""
    form = read_form(AnswerForm(), request.form)
    status = try_form(
        form,
        lambda session: actions.answer_correction(
            session,
            proposal_id,
            **form.values,
            by=current_person().person_id,
            authority=resources().authority,
            now=now(),
        ),
    )
    if status == DONE:
        flash("The correction is answered.")
        return redirect(url_for("pages.minutes", meeting_id=meeting_id))
    with database().read() as session:
        return _show_correction(session, meeting_id, proposal_id, form), status


@pages.post("/meetings/<uuid:meeting_id>/minutes/addenda")
@needs("coordinator", "panel_member")
def add_to_minutes(meeting_id: UUID) -> ResponseReturnValue:
    """Add to minutes that were approved."""
    form = read_form(AddendumForm(), request.form)
    status = try_form(
        form,
        lambda session: approval_actions.add_to_minutes(
            session,
            meeting_id,
            words=form.values["words"],
            item_id=id_or_none(form.values["item_id"]),
            by=current_person().person_id,
            now=now(),
        ),
    )
    if status == DONE:
        flash("The addendum is recorded, and on its way to the members.")
        return redirect(url_for("pages.minutes", meeting_id=meeting_id))
    with database().begin() as session:
        return show_minutes(session, meeting_id, form=form, addendum=form), status


@pages.get("/meetings/<uuid:meeting_id>/meeting/earlier-minutes")
@needs("coordinator", "panel_member")
def earlier_minutes(meeting_id: UUID) -> ResponseReturnValue:
    """Show the minutes of earlier meetings that this one can approve."""
    with database().read() as session:
        meeting = meeting_to_run(session, meeting_id)
        return _show_earlier(session, meeting, show_form(_approval_form(session, meeting)))


@pages.post("/meetings/<uuid:meeting_id>/meeting/earlier-minutes")
@needs("coordinator", "panel_member")
def approve_minutes(meeting_id: UUID) -> ResponseReturnValue:
    """Record that this meeting approved earlier minutes."""
    with database().read() as session:
        form = read_form(_approval_form(session, meeting_to_run(session, meeting_id)), request.form)
    status = try_form(form, lambda session: _approve(session, meeting_id, form))
    if status == DONE:
        flash("The minutes are approved.")
        return redirect(url_for("pages.earlier_minutes", meeting_id=meeting_id))
    with database().read() as session:
        return _show_earlier(session, meeting_to_run(session, meeting_id), form), status


def _approve(session: Session, at_meeting_id: UUID, form: Form) -> None:
    approval_actions.approve_minutes(
        session,
        UUID(form.values["minutes_of"]),
        at_meeting_id=at_meeting_id,
        by=current_person().person_id,
        authority=resources().authority,
        now=now(),
    )


def _approval_form(session: Session, meeting: MeetingRow) -> Schema:
    drafts = {str(one.id): "" for one in kept.drafts_before(session, meeting)}
    return PageForm.from_dict({"minutes_of": Choice("Whose minutes", drafts, required=True)})()


def _show_correction(session: Session, meeting_id: UUID, proposal_id: UUID, form: Form | None = None) -> str:
    meeting = meeting_with_minutes(session, meeting_id)
    row = actions.correction_to_answer(session, meeting, proposal_id, by=current_person().person_id)
    numbers = {item.id: item.number for item in reads.items_of(session, meeting_id)}
    return render_template(
        "panel/minutes/correction.html",
        meeting=meeting,
        row=row,
        form=form or show_form(AnswerForm(), {"correction": row.text}),
        number=numbers.get(row.agenda_item_id) if row.agenda_item_id else None,
        people=reads.people_of(session, [row.proposed_by, row.answered_by]),
        answers=ANSWERS,
    )


def _show_earlier(session: Session, meeting: MeetingRow, form: Form) -> str:
    drafts = kept.drafts_before(session, meeting)
    return render_template(
        "panel/minutes/earlier.html",
        meeting=meeting,
        drafts=drafts,
        waiting={draft.id: kept.waiting(session, draft.id) for draft in drafts},
        approved=kept.approved_at(session, meeting.id),
        form=form,
    )
