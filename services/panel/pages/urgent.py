"""The chair decides about a family between meetings: the same form as at a meeting, with why, and whom they asked."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema
from sqlalchemy.orm import Session

from services.panel.actions import urgent as actions
from services.panel.actions.decisions import Terms
from services.panel.both_doors.decision_fields import Options, new_decision, urgent_fields, urgent_of
from services.panel.pages import pages
from services.panel.pages.decision_choices import (
    Asked,
    asked_before_meeting,
    needs_first,
    options_at,
    services_on_offer,
)
from services.panel.pages.decision_forms import (
    ACTION_ROWS,
    MORE_ACTIONS,
    actions_in,
    children_in,
    children_may_differ,
    decision_form,
    show_refusal,
)
from services.panel.queries import allocations as allocation_reads
from services.panel.queries.arrangements import standing_of
from services.panel.queries.meeting import in_conflict_with, seats_held
from services.panel.queries.papers import latest_paper
from services.panel.queries.service_loads import service_loads
from services.panel.rules.allocations import DECLINED_BECAUSE
from services.panel.rules.decisions import ALLOCATE, CARRY_OVER, OUTCOMES
from services.panel.rules.fit import ServiceOnOffer, services_by_fit
from services.panel.rules.meeting import CHAIRS
from services.panel.rules.paper import excluded_agencies
from services.panel.tables import QueueEntryRow
from shared.audit import record
from shared.errors import Conflict, Forbidden, Invalid
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.forms import Form, read_form, show_form

URGENT = {code: outcome for code, outcome in OUTCOMES.items() if code != CARRY_OVER}


@dataclass(frozen=True)
class _Waiting:
    entry: QueueEntryRow
    not_with: list[str]
    options: Options
    services: list[ServiceOnOffer]
    asked: Asked


@pages.get("/queue/requests/<uuid:request_id>/decision")
@needs("coordinator", "panel_member")
def decide_urgently(request_id: UUID) -> ResponseReturnValue:
    """Show the outcomes to choose from, or the form of the one that was chosen."""
    outcome = request.args.get("outcome", "")
    with database().begin() as session:
        at = _waiting(session, request_id)
        if outcome not in URGENT:
            return _show_outcomes(session, at, is_missing="asked" in request.args)
        form = show_form(_form(outcome, at.options), {"needs": list(at.asked.needs)})
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
    form = read_form(_form(outcome, at.options), request.form)
    status = _try(at, outcome, form)
    if status == 302:
        flash(f"{at.entry.reference}: {OUTCOMES[outcome].label.lower()}. It is recorded, and on the next agenda.")
        return redirect(url_for("pages.queue", panel=at.entry.panel.key))
    with database().begin() as session:
        return _show(session, _waiting(session, request_id), outcome, form), status


def _try(at: _Waiting, outcome: str, form: Form) -> int:
    typed, children = actions_in(form), children_in(form, at.options)
    if form.errors:
        return 422
    authority = resources().authority
    decision = new_decision(outcome, form.values, at.options, actions=typed, children=children)
    try:
        with database().begin() as session:
            actions.decide_urgently(
                session,
                at.entry.request_id,
                decision,
                urgent_of(form.values),
                by=current_person().person_id,
                terms=Terms(authority.limits.allocation_answer_working_days, authority),
                authority=authority,
                now=now(),
            )
    except Invalid as refusal:
        show_refusal(form, refusal)
        return 422
    except Conflict as refusal:
        return form.add_refusal(refusal)
    return 302


def _waiting(session: Session, request_id: UUID) -> _Waiting:
    entry, me = standing_of(session, request_id).entry, current_person()
    if not seats_held(session, entry.panel_id, me.person_id) & set(CHAIRS):
        raise Forbidden("Only the chair or a deputy of this panel decides between meetings.")
    in_conflict = in_conflict_with(session, request_id)
    if me.person_id in in_conflict:
        raise Forbidden("You declared a conflict with this family. Another chair or deputy decides.")
    paper = latest_paper(session, request_id)
    not_with = excluded_agencies(paper.content) if paper else []
    services = services_on_offer(session, not_with)
    asked = asked_before_meeting(session, request_id, me, today())
    authority = resources().authority
    options = options_at(session, entry, services, not_with, asked, in_conflict=in_conflict, authority=authority)
    return _Waiting(entry, not_with, options, services, asked)


def _about(session: Session, at: _Waiting) -> dict[str, Any]:
    """Return what both pages show of the family; that somebody was shown it is written down."""
    did = "read_paper" if at.asked.is_open else "opened_wait"
    record(session, who=current_person().person_id, did=did, subject="request", subject_id=at.entry.request_id)
    chain = allocation_reads.chain_of(session, at.entry.request_id)
    return {
        "item": None,
        "meeting": None,
        "entry": at.entry,
        "standing": None,
        "asked": at.asked,
        "not_with": at.not_with,
        "outcomes": URGENT,
        "chain": [row for row in chain if row.state == "declined"],
        "services": allocation_reads.service_names(session, [row.service_id for row in chain]),
        "declined_because": DECLINED_BECAUSE,
    }


def _show_outcomes(session: Session, at: _Waiting, *, is_missing: bool) -> ResponseReturnValue:
    form = Form(decision_form(CARRY_OVER, at.options), {}, {}, {})
    if is_missing:
        form.add_error("outcome", "Select what you decide")
    page = render_template("panel/decisions/outcomes.html", form=form, **_about(session, at))
    return page, 422 if is_missing else 200


def _show(session: Session, at: _Waiting, outcome: str, form: Form) -> str:
    return render_template(
        "panel/decisions/decision.html",
        form=form,
        outcome=OUTCOMES[outcome],
        options=at.options,
        services_by_fit=services_by_fit(at.services, at.asked.needs),
        needs=needs_first(at.asked),
        loads=service_loads(session, at.not_with) if outcome == ALLOCATE else [],
        chair_needed=False,
        action_rows=ACTION_ROWS,
        children_may_differ=children_may_differ(outcome),
        child_differs=any(form.entered.get(name) for name in form.schema.fields if name.startswith("child_")),
        disagreed=any(form.entered.get(name) for name in ("dissent", "dissent_by", "agreed_outside")),
        more_actions=any(form.entered.get(name) for name in form.schema.fields if name.startswith(MORE_ACTIONS)),
        **_about(session, at),
    )


def _form(outcome: str, options: Options) -> Schema:
    return decision_form(outcome, options, urgent_fields())
