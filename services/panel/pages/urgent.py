"""The chair decides about a family between meetings: the same form as at a meeting, with why, and whom they asked."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema
from sqlalchemy.orm import Session

from services.panel.actions import urgent as actions
from services.panel.both_doors.decision_fields import Options, urgent_fields, urgent_of
from services.panel.pages import pages
from services.panel.pages.decision_choices import asked_before_meeting
from services.panel.pages.decision_forms import decision_form
from services.panel.pages.decision_page import (
    Choices,
    choices_about,
    declined_before,
    show_decision,
    show_outcomes,
    try_to_decide,
)
from services.panel.pages.trying import DONE
from services.panel.queries.arrangements import standing_of
from services.panel.queries.meeting import seats_held
from services.panel.queries.no_part import check_has_part
from services.panel.rules.decisions import CARRY_OVER, OUTCOMES
from services.panel.rules.meeting import CHAIRS
from services.panel.tables import QueueEntryRow
from shared.audit import record
from shared.errors import Forbidden
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.forms import Form, read_form, show_form

URGENT = {code: outcome for code, outcome in OUTCOMES.items() if code != CARRY_OVER}


@dataclass(frozen=True)
class _Waiting:
    entry: QueueEntryRow
    choices: Choices


@pages.get("/queue/requests/<uuid:request_id>/decision")
@needs("coordinator", "panel_member")
def decide_urgently(request_id: UUID) -> ResponseReturnValue:
    """Show the outcomes to choose from, or the form of the one that was chosen."""
    outcome = request.args.get("outcome", "")
    with database().begin() as session:
        at = _waiting(session, request_id)
        if outcome not in URGENT:
            missing = "Select what you decide" if "asked" in request.args else ""
            return show_outcomes(at.choices, _about(session, at), missing=missing)
        form = show_form(_form(outcome, at.choices.options), {"needs": list(at.choices.asked.needs)})
        return _show(session, at, outcome, form)


@pages.post("/queue/requests/<uuid:request_id>/decision")
@needs("coordinator", "panel_member")
def record_urgent_decision(request_id: UUID) -> ResponseReturnValue:
    """Record what the chair decides; it takes effect at once."""
    outcome = request.args.get("outcome", "")
    with database().read() as session:
        at = _waiting(session, request_id)
    if outcome not in URGENT:
        return redirect(url_for("pages.decide_urgently", request_id=request_id))
    form = read_form(_form(outcome, at.choices.options), request.form)
    status = try_to_decide(
        outcome,
        form,
        at.choices.options,
        lambda session, decision: actions.decide_urgently(
            session,
            request_id,
            decision,
            urgent_of(form.values),
            by=current_person().person_id,
            authority=resources().authority,
            now=now(),
        ),
    )
    if status == DONE:
        flash(f"{at.entry.reference}: {OUTCOMES[outcome].label.lower()}. It is recorded, and on the next agenda.")
        return redirect(url_for("pages.queue", panel=at.entry.panel.key))
    with database().begin() as session:
        return _show(session, _waiting(session, request_id), outcome, form), status


def _waiting(session: Session, request_id: UUID) -> _Waiting:
    entry, me = standing_of(session, request_id).entry, current_person()
    if not seats_held(session, entry.panel_id, me.person_id) & set(CHAIRS):
        raise Forbidden("Only the chair or a deputy of this panel decides between meetings.")
    check_has_part(session, request_id, me.person_id)
    asked = asked_before_meeting(session, request_id, me, today())
    return _Waiting(entry, choices_about(session, entry, asked))


def _about(session: Session, at: _Waiting) -> dict[str, Any]:
    """Return what both pages show of the family; that somebody was shown it is written down."""
    did = "read_paper" if at.choices.asked.is_open else "opened_wait"
    record(session, who=current_person().person_id, did=did, subject="request", subject_id=at.entry.request_id)
    return {
        "item": None,
        "meeting": None,
        "entry": at.entry,
        "standing": None,
        "asked": at.choices.asked,
        "not_with": at.choices.not_with,
        "outcomes": URGENT,
        **declined_before(session, at.entry.request_id),
    }


def _show(session: Session, at: _Waiting, outcome: str, form: Form) -> str:
    return show_decision(session, at.choices, outcome, form, _about(session, at), chair_needed=False)


def _form(outcome: str, options: Options) -> Schema:
    return decision_form(outcome, options, urgent_fields())
