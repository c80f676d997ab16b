"""Consent as the front door keeps it: who answered what and when, a new answer, and going on without."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.referrals.actions.consent import record_consent
from services.referrals.actions.consent_override import override_consent
from services.referrals.pages import pages
from services.referrals.pages.consent_shown import consent_shown
from services.referrals.queries.agreements import agreements_of
from services.referrals.queries.consent import newest_answers
from services.referrals.queries.families import other_requests
from services.referrals.queries.requests import whole_request
from services.referrals.rules import choices, consent_choices
from services.referrals.tables import RequestRow
from shared.audit import record
from shared.errors import Invalid, NotFound
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.fields import Choice, Choices, ClockTime, Day, Line, Words
from shared.web.forms import Form, PageForm, read_form, show_form

_COMPETENCE = {
    "judged_by": "Enter the name of who judged it",
    "judged_on": "Enter the date when it was judged",
    "because": "Enter why they understand enough",
}
_STOPPED = "The answer is kept. Sharing and work have stopped: everybody who had the request is told."


@pages.get("/requests/<uuid:request_id>/consent")
@needs("front_door")
def consent(request_id: UUID) -> str:
    """Show what holds, each person's answers and their history."""
    with database().begin() as session:
        row = whole_request(session, request_id)
        record(session, who=current_person().person_id, did="read", subject="request", subject_id=request_id)
        agreements = agreements_of(session, request_id)
        others = other_requests(session, row)
    return render_template(
        "referrals/request/consent.html",
        row=row,
        names=row.names,
        choices=choices,
        agreements=agreements,
        rules=resources().authority.consent,
        may_override=current_person().has("front_door_manager"),
        **consent_shown(row, resources().authority.consent, today(), others=others),
    )


@pages.get("/requests/<uuid:request_id>/consent/answer")
@needs("front_door")
def consent_answer(request_id: UUID) -> str:
    """Show the form for a new answer of one person."""
    with database().begin() as session:
        row = whole_request(session, request_id)
        record(session, who=current_person().person_id, did="read", subject="request", subject_id=request_id)
    by = _asked(row)
    said = newest_answers(row).get((by, "to_share"))
    first: dict[str, Any] = {
        "obtained_by": current_person().name,
        "wording": resources().authority.consent.wording.version,
    }
    # Who must not know is shown as it stands: a new answer that leaves it out would let them know.
    for name in ("with_agencies", "not_with"):
        first[name] = "\n".join(getattr(said, name)) if said else ""
    return _answer_page(row, by, show_form(_answer_form(), first))


@pages.post("/requests/<uuid:request_id>/consent/answer")
@needs("front_door")
def post_consent_answer(request_id: UUID) -> ResponseReturnValue:
    """Keep what one person answered."""
    with database().begin() as session:
        row = whole_request(session, request_id)
    by = _asked(row)
    form = read_form(_answer_form(), request.form)
    has_stopped = False if form.errors else _keep_answer(request_id, by, form)
    if form.errors:
        return _answer_page(row, by, form), 422
    flash(_STOPPED if has_stopped else "The answer about consent is kept.")
    return redirect(url_for("pages.consent", request_id=request_id))


@pages.get("/requests/<uuid:request_id>/consent/override")
@needs("front_door_manager")
def consent_override(request_id: UUID) -> str:
    """Show the form for going on without consent."""
    with database().begin() as session:
        row = whole_request(session, request_id)
        record(session, who=current_person().person_id, did="read", subject="request", subject_id=request_id)
    return _override_page(row, show_form(OverrideForm()))


@pages.post("/requests/<uuid:request_id>/consent/override")
@needs("front_door_manager")
def post_consent_override(request_id: UUID) -> ResponseReturnValue:
    """Let the request go on without consent, or end that."""
    with database().begin() as session:
        row = whole_request(session, request_id)
    form = read_form(OverrideForm(), request.form)
    try:
        if not form.errors:
            with database().begin() as session:
                authority = resources().authority
                override_consent(
                    session, request_id, **form.values, by=current_person(), authority=authority, now=now()
                )
    except Invalid as refusal:
        form.add_refusal(refusal)
    if form.errors:
        return _override_page(row, form), 422
    flash("The override is kept." if form.values["what_for"] else "The override has ended.")
    return redirect(url_for("pages.consent", request_id=request_id))


class OverrideForm(PageForm):
    """What a request goes on for without consent, and why; nothing chosen ends the override that stands."""

    what_for = Choices("What it is for", consent_choices.WHAT_FOR)
    rationale = Words("Why acting without consent keeps a child safe", required=True, longest=4000)


def _asked(row: RequestRow) -> str:
    by = request.args.get("by", "")
    if by not in row.who_may_agree:
        raise NotFound("There is nobody of this request with that ref who can answer.")
    return by


def _keep_answer(request_id: UUID, by: str, form: Form) -> bool:
    values = dict(form.values)
    kinds = values.pop("kind")
    competence = {name: values.pop(name) for name in _COMPETENCE}
    for name, message in _COMPETENCE.items():
        if any(competence.values()) and not competence[name]:
            form.add_error(name, message)
    if form.errors:
        return False
    for name in ("with_agencies", "not_with"):
        values[name] = [line.strip() for line in values[name].splitlines() if line.strip()]
    answer = values | {"by": by, "competence": competence if competence["judged_by"] else None}
    try:
        with database().begin() as session:
            authority, person = resources().authority, current_person()
            stopped = [
                record_consent(session, request_id, kind, answer, by=person, authority=authority, now=now())
                for kind in kinds
            ]
            return any(stopped)
    except Invalid as refusal:
        form.add_refusal(refusal)
    return False


def _answer_form() -> PageForm:
    made: dict[str, Any] = {
        "kind": Choices("What was asked", choices.CONSENTS, fewest=1),
        "answer": Choice("What they answered", consent_choices.ANSWERS_LATER, required=True),
        "how": Choice("How they answered", choices.HOW),
        "on": Day("Date when they answered", past=True),
        "at_time": ClockTime("Time when they answered"),
        "place": Line("Where they answered"),
        "obtained_by": Line("Name of who asked them"),
        "wording": Line("Version of the wording", longest=60),
        "with_agencies": Words("Agencies that it may be shared with", longest=2000),
        "not_with": Words("Agencies that must not know", longest=2000),
        "note": Words("Note on the answer", longest=1000),
        "judged_by": Line("Name of who judged it"),
        "judged_on": Day("Date when it was judged", past=True),
        "because": Words("Why they understand enough", longest=2000),
    }
    return PageForm.from_dict(made)()  # type: ignore[return-value]


def _answer_page(row: RequestRow, by: str, form: Form) -> str:
    return render_template(
        "referrals/request/consent_answer.html",
        row=row,
        name=row.names[by],
        is_child=by in {child.ref for child in row.children},
        form=form,
        choices=choices,
        consent_choices=consent_choices,
        rules=resources().authority.consent,
    )


def _override_page(row: RequestRow, form: Form) -> str:
    return render_template(
        "referrals/request/consent_override.html",
        row=row,
        form=form,
        consent_choices=consent_choices,
        override=consent_shown(row, resources().authority.consent, today())["override"],
    )
