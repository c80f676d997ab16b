"""One request as the front door reads it, and what can be noted on it: the family it is about, and consent."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields as plain_fields

from services.referrals.actions.consent import record_consent
from services.referrals.actions.families import join_family
from services.referrals.actions.triage import standing_of
from services.referrals.pages import pages
from services.referrals.queries import families
from services.referrals.queries.requests import (
    consents_of,
    failed_notices,
    information_asked,
    whole_request,
)
from services.referrals.rules import choices
from services.referrals.rules.consent import consent_tasks
from services.referrals.rules.progress import is_back_from_plan, words_of
from services.referrals.rules.stages import AT_FRONT_DOOR, OUTCOMES, STAGES, outcomes_allowed
from services.referrals.tables import RequestRow
from shared.audit import record
from shared.errors import Invalid
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.fields import Choice, Choices, Day, Line, Words, YesNo
from shared.web.forms import Form, PageForm, read_form, show_form


class JoinForm(PageForm):
    """Which family a request is about, and which version of the request was seen."""

    family_id = plain_fields.UUID(required=True)
    version = plain_fields.Integer(required=True)


@pages.get("/requests/<uuid:request_id>")
@needs("front_door")
def request_page(request_id: UUID) -> str:
    """Show a whole request; that it was read is kept."""
    with database().begin() as session:
        row = whole_request(session, request_id)
        record(session, who=current_person().person_id, did="read", subject="request", subject_id=request_id)
        standing = standing_of(session, row)
        shown = {
            "consents": consents_of(session, request_id),
            "matches": families.matches(session, row),
            "plans": families.open_plans(session, [row.family_id]),
            "others": families.other_requests(session, row),
            "failed": failed_notices(session, request_id),
            "asked": information_asked(session, request_id),
        }
    return render_template(
        "referrals/request/request.html",
        row=row,
        names=row.names,
        homes={address.ref: address for address in row.addresses},
        choices=choices,
        stages=STAGES,
        outcomes=OUTCOMES,
        allowed={code: OUTCOMES[code] for code in OUTCOMES if code in outcomes_allowed(row.stage)},
        is_at_front_door=row.stage in AT_FRONT_DOOR,
        is_back_from_plan=is_back_from_plan(row.stage, [step.code for step in row.progress]),
        consent_tasks=consent_tasks(row.stage, may_ask=standing.may_ask, may_share=standing.may_share),
        words_of=words_of,
        is_late=row.stage == "received" and row.triage_due_on < today(),
        level_label=resources().authority.level_label,
        panels={panel.key: panel.name for panel in resources().authority.panels},
        **shown,
    )


@pages.post("/requests/<uuid:request_id>/family")
@needs("front_door")
def post_family(request_id: UUID) -> ResponseReturnValue:
    """Say that a request is about a family that we know."""
    form = read_form(JoinForm(), request.form)
    if form.errors:
        raise Invalid("Select the family again.")
    with database().begin() as session:
        join_family(
            session,
            request_id,
            form.values["family_id"],
            by=current_person(),
            now=now(),
            seen_version=form.values["version"],
        )
    flash("This request now belongs to the family that we know.")
    return redirect(url_for("pages.request_page", request_id=request_id))


@pages.get("/requests/<uuid:request_id>/consent")
@needs("front_door")
def consent(request_id: UUID) -> str:
    """Show the form for a new answer about consent."""
    with database().begin() as session:
        row = whole_request(session, request_id)
        record(session, who=current_person().person_id, did="read", subject="request", subject_id=request_id)
        to_share = consents_of(session, request_id)["to_share"]
    # Who must not know is shown as it stands: a new answer that leaves it out would let them know.
    first = {"obtained_by": current_person().name, "not_with": "\n".join(to_share.not_with)}
    return _consent_page(row, show_form(_consent_form(row), first))


@pages.post("/requests/<uuid:request_id>/consent")
@needs("front_door")
def post_consent(request_id: UUID) -> ResponseReturnValue:
    """Keep a new answer about consent."""
    with database().begin() as session:
        row = whole_request(session, request_id)
    form = read_form(_consent_form(row), request.form)
    if not form.errors:
        _keep_consent(request_id, form)
    if form.errors:
        return _consent_page(row, form), 422
    flash("The answer about consent is kept.")
    return redirect(url_for("pages.request_page", request_id=request_id))


def _keep_consent(request_id: UUID, form: Form) -> None:
    values = dict(form.values)
    kind = values.pop("kind")
    values["not_with"] = [name.strip() for name in values["not_with"].splitlines() if name.strip()]
    try:
        with database().begin() as session:
            record_consent(session, request_id, kind, values, by=current_person(), now=now())
    except Invalid as refusal:
        form.add_refusal(refusal)


def _consent_form(row: RequestRow) -> PageForm:
    made: dict[str, Any] = {
        "kind": Choice("What was asked", choices.CONSENTS, required=True),
        "given": YesNo("Did they agree?", required=True),
        "by": Choices("Who answered", row.who_may_agree),
        "how": Choice("How they answered", choices.HOW),
        "on": Day("Date when they answered", past=True),
        "obtained_by": Line("Name of who asked them"),
        "not_with": Words("Agencies that must not know", longest=2000),
    }
    return PageForm.from_dict(made)()  # type: ignore[return-value]


def _consent_page(row: RequestRow, form: Form) -> str:
    return render_template(
        "referrals/request/consent.html", row=row, form=form, names=row.who_may_agree, choices=choices
    )
