"""Item by item: what the meeting decides about a family."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.panel.actions import decisions as actions
from services.panel.actions import urgent
from services.panel.pages import pages
from services.panel.pages.asking import id_or_none
from services.panel.pages.decision_choices import asked_for, first_shown
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
from services.panel.queries import meeting as reads
from services.panel.queries.decisions import lines_of
from services.panel.queries.no_part import check_has_part
from services.panel.rules import meeting as meeting_rules
from services.panel.rules.decisions import OUTCOMES
from services.panel.rules.meeting import WAS_OPENED
from services.panel.rules.notes import form_of
from services.panel.tables import AgendaItemRow, DecisionRow, MeetingRow
from shared.audit import record
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.forms import Form, read_form, show_form


@dataclass(frozen=True)
class _AtItem:
    """An item with what its decision page needs to know."""

    item: AgendaItemRow
    meeting: MeetingRow
    standing: DecisionRow | None
    choices: Choices


@pages.get("/items/<uuid:item_id>/decision")
@needs("coordinator", "panel_member")
def decide(item_id: UUID) -> ResponseReturnValue:
    """Show the outcomes to choose from, or the form of the one that was chosen."""
    outcome = request.args.get("outcome", "")
    with database().begin() as session:
        at = _at_item(session, item_id)
        _record_reading(session, at)
        if outcome not in OUTCOMES:
            is_missing = not request.args.keys().isdisjoint({"outcome", "asked"})
            missing = "Select what the panel decides" if is_missing else ""
            return show_outcomes(at.choices, _about(session, at), missing=missing)
        filled = first_shown(session, outcome, at.standing, at.choices.asked)
        return _show_form(session, at, outcome, show_form(decision_form(outcome, at.choices.options), filled))


@pages.post("/items/<uuid:item_id>/decision")
@needs("coordinator", "panel_member")
def record_decision(item_id: UUID) -> ResponseReturnValue:
    """Record a decision, and go on to the next item."""
    outcome = request.args.get("outcome", "")
    with database().read() as session:
        at = _at_item(session, item_id)
    if outcome not in OUTCOMES:
        return redirect(url_for("pages.decide", item_id=item_id))
    form = read_form(decision_form(outcome, at.choices.options), request.form)
    status = try_to_decide(
        outcome,
        form,
        at.choices.options,
        lambda session, decision: actions.record_decision(
            session, item_id, decision, by=current_person().person_id, authority=resources().authority, now=now()
        ),
    )
    if status == DONE:
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


def _where_next(meeting: MeetingRow) -> str:
    page = "pages.minutes" if meeting.state == "ended" else "pages.run_meeting"
    return url_for(page, meeting_id=meeting.id)


def _at_item(session: Session, item_id: UUID) -> _AtItem:
    item = reads.the_item(session, item_id)
    meeting = reads.the_meeting(session, item.meeting_id)
    me = current_person().person_id
    meeting_rules.check_may_run(reads.parts_of(session, meeting, me))
    check_has_part(session, item.request_id, me)
    asked = asked_for(session, item, current_person(), today())
    choices = choices_about(session, item.queue_entry, asked)
    return _AtItem(item, meeting, reads.standing_decision(session, item.id), choices)


def _record_reading(session: Session, at: _AtItem) -> None:
    """Write down who opened the item, and who was shown what its paper says."""
    who = current_person().person_id
    record(session, who=who, did="opened_item", subject="agenda_item", subject_id=at.item.id)
    if at.choices.asked.is_open:
        record(session, who=who, did="read_paper", subject="request", subject_id=at.item.request_id)


def _about(session: Session, at: _AtItem) -> dict[str, Any]:
    lines = lines_of(session, [at.standing])[at.standing.id] if at.standing is not None else []
    return {
        "item": at.item,
        "entry": at.item.queue_entry,
        "to_ratify": at.item.state == "to_ratify" and at.meeting.state == "in_session",
        "asked": at.choices.asked,
        "meeting": at.meeting,
        "standing": at.standing,
        "standing_lines": [{"key": key, "value": value} for key, value in lines],
        "not_with": at.choices.not_with,
        "outcomes": OUTCOMES,
        **declined_before(session, at.item.request_id),
    }


def _show_form(session: Session, at: _AtItem, outcome: str, form: Form) -> str:
    chair_needed = str(at.meeting.chaired_by) not in at.choices.options.chairs
    kept_as = form_of(outcome) if at.meeting.state in WAS_OPENED else ""
    about = _about(session, at)
    return show_decision(session, at.choices, outcome, form, about, chair_needed=chair_needed, kept_as=kept_as)
