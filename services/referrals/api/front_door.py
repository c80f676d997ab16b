"""The worklist and triage for programs that act as a front-door worker."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields
from marshmallow.validate import OneOf, Range

from services.referrals.actions.families import same_family
from services.referrals.actions.triage import triage
from services.referrals.api.front_door_files import file_of_request
from services.referrals.api.paper import level_of, paper_of
from services.referrals.queries.attachments import attachments_of
from services.referrals.queries.families import matches, open_plans
from services.referrals.queries.requests import whole_request
from services.referrals.queries.worklist import Filter, worklist
from services.referrals.rules.stages import AT_FRONT_DOOR, OUTCOMES, STAGES
from services.referrals.rules.triage import DETAILS, HOW_TOLD, panels_for
from services.referrals.rules.triage import Choice as TriageChoice
from services.referrals.rules.triage_clock import colour
from services.referrals.tables import RequestRow
from shared.audit import record
from shared.london import london_date
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.fields import Choice, ClockTime, Day, Line, Phone, Words

api = Blueprint("front_door", __name__, description="The front door")


class WorklistQuery(Schema):
    """Which part of the worklist; without a stage, what the front door has to do something about."""

    stage = fields.String(load_default="", validate=OneOf(["", *STAGES]))
    page = fields.Integer(load_default=1, validate=Range(min=1, max=10_000))
    per_page = fields.Integer(load_default=25, validate=Range(min=1, max=100))


class LevelSchema(Schema):
    """A level of need of the scheme in force."""

    number = fields.Integer(strict=True, required=True)


class TriageSchema(Schema):
    """A decision; which of the keys below `reason` it takes depends on the outcome."""

    outcome = Choice("What happens to the request", OUTCOMES, required=True)
    reason = Words("The reason", required=True)
    level = fields.Nested(LevelSchema, load_default=None, allow_none=True)
    panel_key = Line("Panel")
    service_id = fields.UUID(load_default=None, allow_none=True)
    agency_id = fields.UUID(load_default=None, allow_none=True)
    plan_id = fields.UUID(load_default=None, allow_none=True)
    where = Line("Where the family was pointed to", longest=500)
    phone = Phone("Telephone number")
    web = Line("Web address", longest=500)
    opens = Line("When it is open")
    because = Line("Why nothing further happens")
    told = Line("Who in social care was told")
    told_how = Choice("How they were told", HOW_TOLD)
    told_on = Day("The day when they were told", past=True)
    told_at = ClockTime("The time when they were told")
    their_reference = Line("Their reference", longest=100)
    what = Words("What you need to know", longest=2000)
    version = fields.Integer(strict=True, load_default=None, allow_none=True)


class FamilySchema(Schema):
    """Which family a request is about."""

    family_id = fields.UUID(required=True)
    version = fields.Integer(strict=True, load_default=None, allow_none=True)


@api.route("/worklist", methods=["GET"])
@api.arguments(WorklistQuery, location="query")
@api.response(200)
@needs("front_door")
def get_worklist(query: dict[str, Any]) -> dict[str, Any]:
    """Return one page of the worklist: late ones first, then urgent, then oldest."""
    asked = Filter([query["stage"]] if query["stage"] else AT_FRONT_DOOR)
    with database().read() as session:
        page = worklist(session, asked, now=now(), number=query["page"], size=query["per_page"])
    return {
        "requests": [_line(row) for row in page.rows],
        "total": page.total,
        "page": page.number,
        "per_page": page.size,
    }


@api.route("/requests/<uuid:request_id>", methods=["GET"])
@api.response(200)
@needs("front_door")
def get_request(request_id: UUID) -> dict[str, Any]:
    """Return a whole request, what triage may choose, and families that it may be about."""
    authority = resources().authority
    with database().begin() as session:
        request = whole_request(session, request_id)
        who = current_person().person_id
        record(session, who=who, did="read", subject="request", subject_id=request_id)
        found = matches(session, request)
        plans = open_plans(session, [request.family_id])
        paper = paper_of(request, authority, today())
        files = attachments_of(session, request_id)
    fitting = panels_for(authority.panels, kind=request.kind, locality=request.locality)
    return paper | {
        "stage": request.stage,
        "version": request.version,
        **_clock(request),
        "attachments": [file_of_request(row) for row in files],
        "panels": [{"key": panel.key, "name": panel.name} for panel in fitting],
        "open_plans": [{"plan_id": str(plan.plan_id), "led_by": plan.practitioner} for plan in plans],
        "matches": [
            {
                "family_id": str(match.family_id),
                "references": [row.reference for row in match.requests],
                "reasons": list(match.reasons),
                "open_plans": [str(plan.plan_id) for plan in match.plans],
            }
            for match in found
        ],
    }


@api.route("/requests/<uuid:request_id>/triage", methods=["POST"])
@api.arguments(TriageSchema)
@api.response(201)
@needs("front_door")
def post_triage(body: dict[str, Any], request_id: UUID) -> dict[str, Any]:
    """Decide about a request; 409 when somebody else did, or when it is too late."""
    choice = TriageChoice(
        outcome=body["outcome"],
        reason=body["reason"],
        level_number=body["level"]["number"] if body["level"] else None,
        agency_id=str(body["agency_id"] or ""),
        what=body["what"],
        **{name: str(body[name] or "") for names in DETAILS.values() for name in names if name in body},
    )
    authority = resources().authority
    with database().begin() as session:
        decision = triage(
            session,
            request_id,
            choice,
            by=current_person(),
            authority=authority,
            now=now(),
            seen_version=body["version"],
        )
        request = whole_request(session, request_id)
    return {
        "decision_id": str(decision.id),
        "request_id": str(request_id),
        "reference": request.reference,
        "outcome": decision.outcome,
        "level": level_of(decision, authority),
        "stage": request.stage,
        "version": request.version,
    }


@api.route("/requests/<uuid:request_id>/family", methods=["POST"])
@api.arguments(FamilySchema)
@api.response(200)
@needs("front_door")
def post_family(body: dict[str, Any], request_id: UUID) -> dict[str, Any]:
    """Say that a request is about one of the families that it matches; 404 for another, 409 for an old version."""
    with database().begin() as session:
        by, version = current_person(), body["version"]
        same_family(session, request_id, body["family_id"], by=by, now=now(), seen_version=version)
        request = whole_request(session, request_id)
    return {"request_id": str(request_id), "family_id": str(request.family_id), "version": request.version}


def _clock(row: RequestRow) -> dict[str, Any]:
    clock = colour(now(), amber=row.triage_amber_at, due=row.triage_due_at)
    return {
        "triage_due_at": row.triage_due_at.isoformat(),
        "triage_due_on": london_date(row.triage_due_at).isoformat(),
        "clock": "" if row.stage != "received" else clock,
        "is_late": row.stage == "received" and clock == "red",
    }


def _line(row: RequestRow) -> dict[str, Any]:
    return {
        "request_id": str(row.id),
        "reference": row.reference,
        "kind": row.kind,
        "urgency": row.urgency,
        "locality": row.locality,
        "stage": row.stage,
        "received_at": row.received_at.isoformat(),
        **_clock(row),
        "worker": row.worker_name,
        "children": len(row.children),
        "version": row.version,
    }
