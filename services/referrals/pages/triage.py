"""Triage: first what happens to the request, then what that decision must say."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields as plain_fields
from sqlalchemy.orm import Session

from services.referrals.actions.triage import standing_of, triage
from services.referrals.pages import pages
from services.referrals.pages.conflict import Meanwhile, meanwhile
from services.referrals.queries.consent import consent_of
from services.referrals.queries.families import open_plans
from services.referrals.queries.known import service_offers
from services.referrals.queries.requests import whole_request
from services.referrals.rules.consent import refusals
from services.referrals.rules.level_seen import level_seen_in_words
from services.referrals.rules.safeguarding_signs import ANSWERS, WORDS
from services.referrals.rules.stages import OUTCOMES, outcomes_allowed
from services.referrals.rules.triage import (
    DETAILS,
    HOW_TOLD,
    LEVEL_NEEDED,
    AlreadyAllocated,
    MovedOn,
    ServiceOffer,
    Standing,
    panels_for,
)
from services.referrals.rules.triage import Choice as TriageChoice
from services.referrals.rules.working_on import OwnRequest, SomebodyWorksOnIt
from services.referrals.tables import RequestRow
from shared.audit import record
from shared.errors import Conflict, Invalid
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.fields import Choice, ClockTime, Day, Line, Phone, Words
from shared.web.formats import short_day
from shared.web.forms import Form, PageForm, read_form, show_form

_READ_BY = {
    "panel": "It stands in the paper that the panel reads.",
    "service": "It stands in the paper that the service reads.",
    "add_to_plan": "",
}
_STAYS_HERE = "It stays at the front door. Nobody is sent it."
_TEXTS = tuple(name for names in DETAILS.values() for name in names if name != "told_on")


@pages.get("/requests/<uuid:request_id>/triage")
@needs("front_door")
def triage_page(request_id: UUID) -> ResponseReturnValue:
    """Ask what happens to the request, or what the chosen outcome must say."""
    outcome = request.args.get("outcome", "")
    with database().read() as session:
        row = whole_request(session, request_id)
        if outcome not in outcomes_allowed(row.stage):
            return _outcome_page(row, is_asked_again=not request.args.keys().isdisjoint({"outcome", "asked"}))
        schema = _schema(session, row, outcome)
    first: dict[str, Any] = {"outcome": outcome, "version": str(row.version), "told_on": today()}
    for name in ("plan_id", "panel_key"):
        field = schema.fields.get(name)
        if isinstance(field, Choice) and len(field.choices) == 1:
            first[name] = next(iter(field.choices))
    return _page(row, outcome, show_form(schema, first))


@pages.post("/requests/<uuid:request_id>/triage")
@needs("front_door")
def post_triage(request_id: UUID) -> ResponseReturnValue:
    """Decide; when somebody else did meanwhile the page says so and keeps what was typed."""
    outcome = request.form.get("outcome", "")
    if outcome not in OUTCOMES:
        return redirect(url_for("pages.triage_page", request_id=request_id, outcome=""))
    with database().read() as session:
        row = whole_request(session, request_id)
        form = read_form(_schema(session, row, outcome), request.form)
    if form.errors:
        return _page(row, outcome, form), 422
    try:
        with database().begin() as session:
            _decide(session, request_id, outcome, form)
    except Invalid as refusal:
        form.add_refusal(refusal)
        return _page(row, outcome, form), 422
    except OwnRequest as refusal:
        form.add_error("form", str(refusal))
        return _page(row, outcome, form), 403
    except (MovedOn, AlreadyAllocated, SomebodyWorksOnIt) as refusal:
        return _told(request_id, outcome, form, refusal), 409
    flash(f"{row.reference}: {OUTCOMES[outcome]}. The decision is kept.")
    return redirect(url_for("pages.request_page", request_id=request_id))


def _decide(session: Session, request_id: UUID, outcome: str, form: Form) -> None:
    values = form.values
    level = values.get("level", "")
    choice = TriageChoice(
        outcome=outcome,
        reason=values["reason"],
        level_number=int(level) if level else None,
        what=values.get("what", ""),
        told_on=values["told_on"].isoformat() if values.get("told_on") else "",
        **{name: values.get(name, "") for name in _TEXTS},
    )
    triage(
        session,
        request_id,
        choice,
        by=current_person(),
        authority=resources().authority,
        now=now(),
        seen_version=values["version"],
    )


def _told(request_id: UUID, outcome: str, form: Form, refusal: Conflict) -> str:
    """Show the form as it was typed, with the newest version in it: the next press is one made knowingly."""
    with database().begin() as session:
        row = whole_request(session, request_id)
        record(session, who=current_person().person_id, did="read", subject="request", subject_id=request_id)
    form.add_error("form", str(refusal))
    form.entered = {**form.entered, "version": str(row.version)}
    return _page(row, outcome, form, meanwhile(row, form.values["version"]))


def _schema(session: Session, row: RequestRow, outcome: str) -> PageForm:
    made: dict[str, Any] = {"version": plain_fields.Integer(required=True)}
    levels = {str(level.number): f"Level {level.number}: {level.label}" for level in _scheme().levels}
    made |= _own_fields(session, row, outcome)
    if outcome in LEVEL_NEEDED | {"safeguarding", "add_to_plan"}:
        made["level"] = Choice("The level of need", levels, required=outcome in LEVEL_NEEDED)
    made["reason"] = Words("The reason", required=True)
    return PageForm.from_dict(made)()  # type: ignore[return-value]


def _own_fields(session: Session, row: RequestRow, outcome: str) -> dict[str, Any]:
    if outcome == "panel":
        fitting = panels_for(resources().authority.panels, kind=row.kind, locality=row.locality)
        return {"panel_key": Choice("The panel", {panel.key: panel.name for panel in fitting})}
    if outcome == "service":
        return {"service_id": Choice("The service", _services(session, _standing(session, row)), required=True)}
    if outcome == "signpost":
        return _of_signpost(_services(session, _standing(session, row)))
    if outcome == "add_to_plan":
        return {"plan_id": Choice("The plan", _plans(session, row))}
    return _PLAIN_FIELDS.get(outcome, dict[str, Any])()


def _of_signpost(services: dict[str, str]) -> dict[str, Any]:
    return {
        "service_id": Choice("The service", services),
        "where": Line("Where the family was pointed to", longest=500),
        "phone": Phone("Telephone number"),
        "web": Line("Web address", longest=500),
        "opens": Line("When it is open", longest=200),
    }


def _of_hand_over() -> dict[str, Any]:
    return {
        "told": Line("Who in social care was told", required=True),
        "told_how": Choice("How they were told", HOW_TOLD, required=True),
        "told_on": Day("The day when they were told", required=True, past=True),
        "told_at": ClockTime("The time when they were told"),
        "their_reference": Line("Their reference", longest=100),
    }


def _of_question() -> dict[str, Any]:
    return {"what": Words("What you need to know", required=True, longest=2000)}


def _of_asking_for_consent() -> dict[str, Any]:
    return {"what": Words("Whose agreement you need, and to what", required=True, longest=2000)}


def _of_nothing_further() -> dict[str, Any]:
    reasons = resources().authority.triage.why_no_further_action
    return {"because": Choice("Why nothing further happens", reasons, required=True)}


_PLAIN_FIELDS = {
    "safeguarding": _of_hand_over,
    "more_information": _of_question,
    "ask_consent": _of_asking_for_consent,
    "no_further_action": _of_nothing_further,
}


def _plans(session: Session, row: RequestRow) -> dict[str, str]:
    standing = _standing(session, row)
    return {
        str(plan.plan_id): f"The plan led by {plan.practitioner or 'somebody not yet named'}{_of(plan.agency)}"
        for plan in open_plans(session, [row.family_id])
        if standing.may_know(plan.agency)
    }


def _standing(session: Session, row: RequestRow) -> Standing:
    return standing_of(session, row, rules=resources().authority.consent, today=today())


def _reached(offer: ServiceOffer) -> str:
    checked = f"checked {short_day(offer.checked_on)}" if offer.checked_on else ""
    known = ", ".join(filter(None, (offer.phone or offer.web, checked)))
    return f" ({known})" if known else ""


def _of(agency: str) -> str:
    return f" ({agency})" if agency else ""


def _services(session: Session, standing: Standing) -> dict[str, str]:
    return {
        offer.service_id: f"{offer.agency_name}: {offer.name}{_reached(offer)}"
        for offer in service_offers(session).values()
        if offer.is_open and standing.may_know(offer.agency_name)
    }


def _scheme() -> Any:
    return resources().authority.level_scheme


def _outcome_page(row: RequestRow, *, is_asked_again: bool) -> str:
    allowed = {code: text for code, text in OUTCOMES.items() if code in outcomes_allowed(row.stage)}
    schema = PageForm.from_dict({"outcome": Choice("What happens to the request", allowed, required=True)})()
    form = show_form(schema)
    if is_asked_again and allowed:
        form.add_error("outcome", "Select what happens to the request")
    return render_template("referrals/request/outcome.html", row=row, form=form, allowed=allowed)


def _page(row: RequestRow, outcome: str, form: Form, since: Sequence[Meanwhile] = ()) -> str:
    return render_template(
        "referrals/request/triage.html",
        row=row,
        outcome=outcome,
        title=OUTCOMES[outcome],
        form=form,
        reason_hint=_READ_BY.get(outcome, _STAYS_HERE),
        scheme=_scheme(),
        sign_answers=ANSWERS,
        sign_label_of=WORDS.label_of,
        level_seen=level_seen_in_words(*row.level_seen, authority=resources().authority),
        is_correction=bool(row.decisions),
        is_allowed=outcome in outcomes_allowed(row.stage),
        lacks_consent=outcome
        in refusals(consent_of(row, resources().authority.consent, today()), resources().authority.consent),
        meanwhile=since,
    )
