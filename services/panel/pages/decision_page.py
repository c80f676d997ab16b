"""The page on which a decision is made: the same at a meeting and between meetings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.panel.both_doors.decision_fields import Options, new_decision
from services.panel.pages.decision_choices import Asked, needs_first, options_at, services_on_offer
from services.panel.pages.decision_forms import (
    ACTION_ROWS,
    MORE_ACTIONS,
    actions_in,
    children_in,
    children_may_differ,
    decision_form,
    show_refusal,
)
from services.panel.pages.trying import try_form
from services.panel.queries.allocations import chain_of, service_names
from services.panel.queries.papers import latest_paper
from services.panel.queries.service_loads import service_loads
from services.panel.rules.allocations import DECLINED_BECAUSE
from services.panel.rules.decisions import ALLOCATE, CARRY_OVER, OUTCOMES
from services.panel.rules.fit import ServiceOnOffer, services_by_fit
from services.panel.rules.new_decision import NewDecision
from services.panel.rules.paper import excluded_agencies
from services.panel.tables import QueueEntryRow
from shared.web.app import resources
from shared.web.forms import Form


@dataclass(frozen=True)
class Choices:
    """What can be chosen about a family, of what it asked for and whom it excluded."""

    not_with: list[str]
    options: Options
    services: list[ServiceOnOffer]
    asked: Asked


def choices_about(session: Session, entry: QueueEntryRow, asked: Asked) -> Choices:
    """Return what can be chosen about a family that waits or is on an agenda."""
    paper = latest_paper(session, entry.request_id)
    not_with = excluded_agencies(paper.content) if paper else []
    services = services_on_offer(session, not_with)
    authority = resources().authority
    options = options_at(session, entry, services, not_with, asked, authority=authority)
    return Choices(not_with, options, services, asked)


def try_to_decide(outcome: str, form: Form, options: Options, decide: Callable[[Session, NewDecision], object]) -> int:
    """Record the decision that a form describes; return the status, and leave what is wrong on the form."""
    typed, children = actions_in(form), children_in(form, options)
    if form.errors:
        return 422
    decision = new_decision(outcome, form.values, options, actions=typed, children=children)
    return try_form(form, lambda session: decide(session, decision), show=show_refusal)


def declined_before(session: Session, request_id: UUID) -> dict[str, Any]:
    """Return which services declined the family, and why, for the page."""
    chain = chain_of(session, request_id)
    return {
        "chain": [row for row in chain if row.state == "declined"],
        "services": service_names(session, [row.service_id for row in chain]),
        "declined_because": DECLINED_BECAUSE,
    }


def show_outcomes(choices: Choices, about: Mapping[str, Any], *, missing: str = "") -> ResponseReturnValue:
    """Return the page of outcomes to choose from; with `missing` none was, and it says so."""
    form = Form(decision_form(CARRY_OVER, choices.options), {}, {}, {})
    if missing:
        form.add_error("outcome", missing)
    return render_template("panel/decisions/outcomes.html", form=form, **about), 422 if missing else 200


def show_decision(
    session: Session,
    choices: Choices,
    outcome: str,
    form: Form,
    about: Mapping[str, Any],
    *,
    chair_needed: bool,
    kept_as: str = "",
) -> str:
    """Return the form of one outcome as a page; with `kept_as` what is typed there is kept until it is saved."""
    return render_template(
        "panel/decisions/decision.html",
        form=form,
        outcome=OUTCOMES[outcome],
        options=choices.options,
        services_by_fit=services_by_fit(choices.services, choices.asked.needs),
        needs=needs_first(choices.asked),
        loads=service_loads(session, choices.not_with) if outcome == ALLOCATE else [],
        chair_needed=chair_needed,
        kept_as=kept_as,
        action_rows=ACTION_ROWS,
        children_may_differ=children_may_differ(outcome),
        child_differs=any(form.entered.get(name) for name in form.schema.fields if name.startswith("child_")),
        disagreed=any(form.entered.get(name) for name in ("dissent", "dissent_by", "agreed_outside")),
        more_actions=any(form.entered.get(name) for name in form.schema.fields if name.startswith(MORE_ACTIONS)),
        **about,
    )
