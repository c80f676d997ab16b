"""A family's paper as JSON: all that a panel may read, codes with their labels."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from services.referrals.api.consent_in_paper import consent_in_paper
from services.referrals.rules import choices
from services.referrals.rules.attachments import IN_PAPERS, KINDS
from services.referrals.rules.missing import WHY, missing
from services.referrals.rules.questions import Question, in_words
from services.referrals.tables import (
    AddressRow,
    AdultRow,
    Answered,
    AttachmentRow,
    ChildRow,
    RequestRow,
    StepDownRow,
    TriageDecisionRow,
)
from shared.authority import Authority
from shared.london import london_date


def paper_of(request: RequestRow, authority: Authority, today: date) -> dict[str, Any]:
    """Return the paper of a request, as it is known now."""
    decision = request.decisions[-1] if request.decisions else None
    return {
        "request_id": str(request.id),
        "family_id": str(request.family_id),
        "reference": request.reference,
        "kind": request.kind,
        "urgency": request.urgency,
        "locality": request.locality,
        "received_on": london_date(request.received_at).isoformat(),
        "referrer": {
            "name": request.referrer_name,
            "role": request.referrer_role,
            "organisation": request.referrer_organisation,
            "source": request.source,
            "source_label": choices.sources()[request.source],
            "taken_by": request.taken_by,
        },
        "children": [_child(row, request.names[row.ref]) for row in request.children],
        "adults": [_adult(row, request.names[row.ref]) for row in request.adults],
        "addresses": [_address(row) for row in request.addresses],
        "contact": {"adult": request.contact_adult_ref, "notes": request.contact_notes},
        "professionals": [
            {name: getattr(row, name) for name in ("name", "role", "organisation", "email", "phone")}
            for row in request.professionals
        ],
        "needs": [{"code": code, "label": choices.needs()[code]} for code in request.needs],
        "working_well": request.working_well,
        "worried_about": request.worried_about,
        "needs_to_happen": request.needs_to_happen,
        "already_tried": request.already_tried,
        "others": [
            other | {"lives_with_children_label": choices.LIVES_WITH_CHILDREN[other["lives_with_children"]]}
            for other in request.others
        ],
        "key_events": request.key_events,
        **_answered(request),
        "consent": consent_in_paper(request, authority.consent, today),
        "level": level_of(decision, authority) if decision else None,
        "level_seen": _level_seen(request, authority),
        "triage_reason": decision.reason if decision else "",
        "step_down": _step_down(request.step_down) if request.step_down else None,
    }


def level_of(decision: TriageDecisionRow, authority: Authority) -> dict[str, Any] | None:
    """Return the level of need of a decision with the label that it had in its own scheme."""
    if decision.level_number is None:
        return None
    scheme, version, number = decision.level_scheme, decision.level_version, decision.level_number
    label = authority.level_label(scheme, version, number)
    return {"scheme": scheme, "version": version, "number": number, "label": label}


def _level_seen(request: RequestRow, authority: Authority) -> dict[str, Any] | None:
    """Return the level of need that the professional who asked says they see, or None when none was said."""
    scheme, version, number = request.level_seen
    if number is None:
        return None
    return {
        "scheme": scheme,
        "version": version,
        "number": number,
        "label": authority.level_label(scheme, version, number),
    }


def attachments_in_paper(rows: Iterable[AttachmentRow]) -> list[dict[str, Any]]:
    """Return the files that came with a request, without their names, which are their sender's words."""
    return [
        {"id": str(row.id), "kind": row.kind, "label": KINDS[row.kind].label, "ending": KINDS[row.kind].endings[0]}
        for row in rows
        if row.state in IN_PAPERS
    ]


def has_undisclosed_address(request: RequestRow) -> bool:
    """Say whether a request has an address that does not leave this service, and may stand in its files too."""
    return any(_address(row)["is_sensitive"] for row in request.addresses)


def _answered(row: Answered) -> dict[str, Any]:
    """Return the answers to questions, those without an answer among them, and whatever else is missing."""
    names = {question.name for question in row.QUESTIONS}
    return {
        "answers": [_answer(row, question) for question in row.QUESTIONS if _is_said(row, question)],
        "missing": {name: {"code": why, "label": WHY[why]} for name, why in row.missing.items() if name not in names},
    }


def _is_said(row: Answered, question: Question) -> bool:
    return question.name in row.answers or question.name in row.missing


def _answer(row: Answered, question: Question) -> dict[str, Any]:
    why = row.missing.get(question.name)
    return {
        "question": question.name,
        "label": question.label,
        "answer": missing(why) if why else row.answers[question.name],
        "in_words": in_words(question, row.answers, row.missing),
    }


def _person(row: ChildRow | AdultRow, name: str) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "name": name,
        "given_name": row.given_name,
        "family_name": row.family_name,
        "also_known_as": row.also_known_as,
        "date_of_birth": _iso(row.date_of_birth),
        "lives_at": row.lives_at,
        **_answered(row),
    }


def _child(row: ChildRow, name: str) -> dict[str, Any]:
    school = {"name": row.school_name, "attendance_percent": row.attendance_percent}
    return _person(row, name) | {
        "expected_on": _iso(row.expected_on),
        "sex": row.sex,
        "sex_label": choices.SEXES[row.sex],
        "ethnicity": row.ethnicity,
        "ethnicity_label": choices.ethnicities()[row.ethnicity],
        "disabilities": row.disabilities,
        "disabilities_labels": [choices.disabilities()[code] for code in row.disabilities],
        "nhs_number": row.nhs_number,
        "upn": row.upn,
        "school": school if row.school_name else None,
    }


def for_the_panel(paper: dict[str, Any]) -> dict[str, Any]:
    """Return a paper without what many readers must not have: undisclosed addresses, contacts that are not safe."""
    addresses = [
        address | {"lines": [], "town": "", "postcode": ""} if address["is_sensitive"] else address
        for address in paper["addresses"]
    ]
    return paper | {"addresses": addresses, "adults": [_with_safe_contacts(adult) for adult in paper["adults"]]}


def _with_safe_contacts(adult: dict[str, Any]) -> dict[str, Any]:
    safe = set(adult["safe_channels"])
    return adult | {
        "email": adult["email"] if "email" in safe else "",
        "mobile": adult["mobile"] if safe & {"sms", "phone"} else "",
    }


def _adult(row: AdultRow, name: str) -> dict[str, Any]:
    return _person(row, name) | {
        "relationship": row.relationship_,
        "relationship_label": choices.RELATIONSHIPS[row.relationship_],
        "parental_responsibility": row.parental_responsibility,
        "parental_responsibility_label": choices.PARENTAL_RESPONSIBILITIES[row.parental_responsibility],
        "primary_carer": row.primary_carer,
        "email": row.email,
        "mobile": row.mobile,
        "safe_channels": row.safe_channels,
    }


def _address(row: AddressRow) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "lines": row.lines,
        "town": row.town,
        "postcode": row.postcode,
        "may_write": row.may_write,
        "not_disclosed_to": row.not_disclosed_to,
        "is_sensitive": bool(row.not_disclosed_to) or not row.may_write,
        "from_on": _iso(row.from_on),
        "to_on": _iso(row.to_on),
    }


def _step_down(row: StepDownRow) -> dict[str, Any]:
    return {
        "from_plan": row.from_plan,
        "from_plan_label": choices.FROM_PLANS[row.from_plan],
        "decided_on": row.decided_on.isoformat(),
        "closure_reason": row.closure_reason,
        "closure_reason_label": choices.closure_reasons()[row.closure_reason],
        "lead_practitioner_named": row.lead_practitioner_named,
        "outstanding_actions": row.outstanding_actions,
        "papers": [
            {"kind": paper.kind, "title": paper.title, "dated_on": paper.dated_on.isoformat(), "text": paper.text}
            for paper in row.papers
        ],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
