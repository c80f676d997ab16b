"""My requests: what a signed-in referrer or social worker sent, and what became of it."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.referrals.actions.information import give_information
from services.referrals.pages import pages
from services.referrals.queries.amendments import own_amendments
from services.referrals.queries.consent import leaves_out_referrer
from services.referrals.queries.copies import has_copy
from services.referrals.queries.requests import information_asked, own_request, sent_by
from services.referrals.rules.amending import allowed_at
from services.referrals.rules.follow import Step, told
from services.referrals.rules.stages import AT_FRONT_DOOR, STAGES_FOR_REFERRER
from services.referrals.tables import InformationAskedRow, RequestRow
from shared.audit import record
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.fields import Words
from shared.web.forms import Form, PageForm, read_form, show_form
from shared.web.paging import page_asked_for, shown


class AnswerForm(PageForm):
    """What the front door asked for."""

    answer = Words("Your answer", required=True)


@pages.get("/sent")
@needs("referrer", "social_worker")
def sent() -> str:
    """List what this person sent, newest first."""
    with database().read() as session:
        found = shown(sent_by(session, current_person().person_id, number=page_asked_for()))
        left_out = {row.id for row in found.rows if leaves_out_referrer(row)}
    return render_template("referrals/sent/list.html", found=found, stages=STAGES_FOR_REFERRER, left_out=left_out)


@pages.get("/sent/<uuid:request_id>")
@needs("referrer", "social_worker")
def sent_request(request_id: UUID) -> str:
    """Show what happened to a request that this person sent."""
    return _page(request_id, show_form(AnswerForm()))


@pages.post("/sent/<uuid:request_id>/information")
@needs("referrer", "social_worker")
def post_information(request_id: UUID) -> ResponseReturnValue:
    """Keep the answer to what the front door asked for."""
    form = read_form(AnswerForm(), request.form)
    if form.errors:
        return _page(request_id, form), 422
    person = current_person()
    with database().begin() as session:
        own_request(session, request_id, person.person_id)
        give_information(
            session,
            request_id,
            form.values["answer"],
            who=str(person.person_id),
            authority=resources().authority,
            now=now(),
        )
    flash("We have your answer and look at the request again.")
    return redirect(url_for("pages.sent_request", request_id=request_id))


def waiting_for(asked: list[InformationAskedRow], row: RequestRow) -> InformationAskedRow | None:
    """Return what the referrer is asked for now, also once its day has passed while nobody has decided, or None."""
    is_last = asked and row.decisions and row.decisions[-1].id == asked[-1].decision_id
    return asked[-1] if is_last and asked[-1].answered_at is None and row.stage in AT_FRONT_DOOR else None


def steps_told(row: RequestRow, *, is_referrer: bool = True) -> list[object]:
    """Return what happened to a request in plain words."""
    steps = (Step(step.at, step.code, step.details) for step in row.progress)
    return list(told(steps, is_referrer=is_referrer, reasons=resources().authority.triage.why_no_further_action))


def _page(request_id: UUID, form: Form) -> str:
    person_id = current_person().person_id
    with database().begin() as session:
        row = own_request(session, request_id, person_id)
        asked = waiting_for(list(information_asked(session, request_id)), row)
        mine = own_amendments(session, request_id, person_id)
        is_printable = has_copy(session, request_id)
        record(session, who=person_id, did="followed", subject="request", subject_id=request_id)
    return render_template(
        "referrals/sent/request.html",
        request_=row,
        steps=steps_told(row),
        asked=asked,
        is_late=bool(asked and asked.due_on < today()),
        form=form,
        allowed=allowed_at(row.stage),
        mine=mine,
        is_printable=is_printable,
    )
