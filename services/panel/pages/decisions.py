"""Item by item: what the meeting decides about a family."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.panel.actions import decisions as actions
from services.panel.actions import urgent
from services.panel.both_doors.decision_fields import Options, new_decision
from services.panel.pages import pages
from services.panel.pages.asking import id_or_none
from services.panel.pages.decision_choices import (
    Asked,
    asked_for,
    first_shown,
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
from services.panel.queries import meeting as reads
from services.panel.queries.decisions import lines_of
from services.panel.queries.papers import latest_paper
from services.panel.queries.service_loads import service_loads
from services.panel.rules import meeting as meeting_rules
from services.panel.rules.allocations import DECLINED_BECAUSE
from services.panel.rules.decisions import ALLOCATE, OUTCOMES
from services.panel.rules.fit import ServiceOnOffer, services_by_fit
from services.panel.rules.meeting import WAS_OPENED
from services.panel.rules.notes import form_of
from services.panel.rules.paper import excluded_agencies
from services.panel.tables import AgendaItemRow, DecisionRow, MeetingRow
from shared.audit import record
from shared.errors import Conflict, Forbidden, Invalid
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.forms import Form, read_form, show_form


@dataclass(frozen=True)
class _AtItem:
    """An item with what its decision page needs to know."""

    item: AgendaItemRow
    meeting: MeetingRow
    standing: DecisionRow | None
    not_with: list[str]
    options: Options
    services: list[ServiceOnOffer]
    asked: Asked


@pages.get("/items/<uuid:item_id>/decision")
@needs("coordinator", "panel_member")
def decide(item_id: UUID) -> ResponseReturnValue:
    """Show the outcomes to choose from, or the form of the one that was chosen."""
    outcome = request.args.get("outcome", "")
    with database().begin() as session:
        at = _at_item(session, item_id)
        _record_reading(session, at)
        if outcome not in OUTCOMES:
            return _show_outcomes(session, at, is_missing=not request.args.keys().isdisjoint({"outcome", "asked"}))
        filled = first_shown(session, outcome, at.standing, at.asked)
        return _show_form(session, at, outcome, show_form(decision_form(outcome, at.options), filled))


@pages.post("/items/<uuid:item_id>/decision")
@needs("coordinator", "panel_member")
def record_decision(item_id: UUID) -> ResponseReturnValue:
    """Record a decision, and go on to the next item."""
    outcome = request.args.get("outcome", "")
    with database().read() as session:
        at = _at_item(session, item_id)
    if outcome not in OUTCOMES:
        return redirect(url_for("pages.decide", item_id=item_id))
    form = read_form(decision_form(outcome, at.options), request.form)
    status = _try_to_record(at, outcome, form)
    if status == 302:
        flash(f"Item {at.item.number}: {OUTCOMES[outcome].label.lower()}. It is recorded.")
        return redirect(_where_next(at.meeting))
    with database().begin() as session:
        at = _at_item(session, item_id)
        _record_reading(session, at)
        return _show_form(session, at, outcome, form), status


@pages.post("/items/<uuid:item_id>/ratification")
@needs("coordinator", "panel_member")
def ratify(item_id: UUID) -> ResponseReturnValue:
    """Record that the meeting ratifies the urgent decision that was shown."""
    with database().read() as session:
        at = _at_item(session, item_id)
    decision_id = id_or_none(request.form.get("decision_id", ""))
    if decision_id is None:
        return redirect(url_for("pages.decide", item_id=item_id))
    with database().begin() as session:
        note = request.form.get("note", "").strip()[:2000]
        urgent.ratify(session, item_id, decision_id=decision_id, note=note, by=current_person().person_id, now=now())
    flash(f"Item {at.item.number}: ratified.")
    return redirect(_where_next(at.meeting))


def _try_to_record(at: _AtItem, outcome: str, form: Form) -> int:
    """Record the decision; return the status to answer with, and leave what is wrong on the form."""
    typed, children = actions_in(form), children_in(form, at.options)
    if form.errors:
        return 422
    terms = actions.Terms(resources().authority.limits.allocation_answer_working_days, resources().authority)
    decision = new_decision(outcome, form.values, at.options, actions=typed, children=children)
    try:
        with database().begin() as session:
            actions.record_decision(
                session, at.item.id, decision, by=current_person().person_id, terms=terms, now=now()
            )
    except Invalid as refusal:
        show_refusal(form, refusal)
        return 422
    except Conflict as refusal:
        return form.add_refusal(refusal)
    return 302


def _where_next(meeting: MeetingRow) -> str:
    page = "pages.minutes" if meeting.state == "ended" else "pages.run_meeting"
    return url_for(page, meeting_id=meeting.id)


def _at_item(session: Session, item_id: UUID) -> _AtItem:
    item = reads.the_item(session, item_id)
    meeting = reads.the_meeting(session, item.meeting_id)
    me = current_person().person_id
    meeting_rules.check_may_run(reads.parts_of(session, meeting, me))
    in_conflict = reads.in_conflict_with(session, item.request_id)
    if me in in_conflict:
        raise Forbidden("You declared a conflict with this item. Somebody else records its decision.")
    paper = latest_paper(session, item.request_id)
    not_with = excluded_agencies(paper.content) if paper else []
    services = services_on_offer(session, not_with)
    asked = asked_for(session, item, current_person(), today())
    authority = resources().authority
    options = options_at(
        session, item.queue_entry, services, not_with, asked, in_conflict=in_conflict, authority=authority
    )
    return _AtItem(
        item,
        meeting,
        reads.standing_decision(session, item.id),
        not_with,
        options,
        services,
        asked,
    )


def _record_reading(session: Session, at: _AtItem) -> None:
    """Write down who opened the item, and who was shown what its paper says."""
    who = current_person().person_id
    record(session, who=who, did="opened_item", subject="agenda_item", subject_id=at.item.id)
    if at.asked.is_open:
        record(session, who=who, did="read_paper", subject="request", subject_id=at.item.request_id)


def _about(session: Session, at: _AtItem) -> dict[str, Any]:
    chain = allocation_reads.chain_of(session, at.item.request_id)
    service_ids = [row.service_id for row in chain]
    services = allocation_reads.service_names(session, service_ids)
    lines = lines_of(session, [at.standing])[at.standing.id] if at.standing is not None else []
    return {
        "item": at.item,
        "entry": at.item.queue_entry,
        "to_ratify": at.item.state == "to_ratify" and at.meeting.state == "in_session",
        "asked": at.asked,
        "meeting": at.meeting,
        "standing": at.standing,
        "standing_lines": [{"key": key, "value": value} for key, value in lines],
        "not_with": at.not_with,
        "outcomes": OUTCOMES,
        "chain": [row for row in chain if row.state == "declined"],
        "services": services,
        "declined_because": DECLINED_BECAUSE,
    }


def _show_outcomes(session: Session, at: _AtItem, *, is_missing: bool) -> ResponseReturnValue:
    form = Form(decision_form("carry_over", at.options), {}, {}, {})
    if is_missing:
        form.add_error("outcome", "Select what the panel decides")
    page = render_template("panel/decisions/outcomes.html", form=form, **_about(session, at))
    return page, 422 if is_missing else 200


def _show_form(session: Session, at: _AtItem, outcome: str, form: Form) -> str:
    return render_template(
        "panel/decisions/decision.html",
        form=form,
        outcome=OUTCOMES[outcome],
        options=at.options,
        services_by_fit=services_by_fit(at.services, at.asked.needs),
        needs=needs_first(at.asked),
        loads=service_loads(session, at.not_with) if outcome == ALLOCATE else [],
        chair_needed=str(at.meeting.chaired_by) not in at.options.chairs,
        action_rows=ACTION_ROWS,
        children_may_differ=children_may_differ(outcome),
        child_differs=any(form.entered.get(name) for name in form.schema.fields if name.startswith("child_")),
        disagreed=any(form.entered.get(name) for name in ("dissent", "dissent_by", "agreed_outside")),
        kept_as=form_of(outcome) if at.meeting.state in WAS_OPENED else "",
        more_actions=any(form.entered.get(name) for name in form.schema.fields if name.startswith(MORE_ACTIONS)),
        **_about(session, at),
    )
