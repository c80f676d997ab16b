"""JSON routes for an agency's allocations: what is offered to it, and its answer."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.panel.access import AgencysPaper, note_reading, paper_for_agency
from services.panel.actions import allocations as actions
from services.panel.queries import allocations as reads
from services.panel.queries.agreement import is_agreement_needed
from services.panel.queries.meeting import people_of
from services.panel.queries.plans import waiting_review
from services.panel.rules.agreement import HOW, Agreement, people_who_may_agree
from services.panel.rules.allocations import DECLINED_BECAUSE, STATES, WITH_PAPER, panel_choices
from services.panel.tables import AllocationRow
from shared.audit import record
from shared.authority import REVIEW_CASES
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.fields import Choice, Day, Words

api = Blueprint("allocations", __name__, description="What is offered to an agency, and its answer.")


class AllocationQuerySchema(Schema):
    """Which allocations, and which page of them."""

    state = fields.String(validate=validate.OneOf(list(STATES)))
    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000))


class LevelOfNeedSchema(Schema):
    """A level of need with the scheme that gives its number a meaning."""

    scheme = fields.String()
    version = fields.String()
    number = fields.Integer()


class AllocationSchema(Schema):
    """An offer to the agency and what came of it."""

    allocation_id = fields.UUID()
    request_id = fields.UUID()
    reference = fields.String()
    kind = fields.String()
    service_id = fields.UUID()
    service_name = fields.String()
    meeting_id = fields.UUID(allow_none=True)
    urgency = fields.String()
    received_on = fields.Date()
    children = fields.Integer()
    level = fields.Nested(LevelOfNeedSchema)
    state = fields.String()
    offered_at = fields.AwareDateTime()
    answer_due_on = fields.Date()
    answered_at = fields.AwareDateTime(allow_none=True)
    declined_because = fields.String(allow_none=True)
    practitioner_id = fields.UUID(allow_none=True)


class AllocationsSchema(Schema):
    """A page of allocations."""

    allocations = fields.List(fields.Nested(AllocationSchema))
    page = fields.Integer()
    has_more = fields.Boolean()


class LeadSchema(Schema):
    """Somebody of the agency who can lead a plan."""

    person_id = fields.UUID()
    name = fields.String()


class PersonOfFamilySchema(Schema):
    """Somebody of the family who may agree to the agency."""

    ref = fields.String()
    name = fields.String()


class AllocationWithPaperSchema(AllocationSchema):
    """An allocation with the family's paper while it is open or accepted, and who could lead the plan.

    `paper_closed` says why there is none: excluded, awaited, not_shared, taken_away; empty where it is open, or being fetched.
    """

    paper = fields.Dict(allow_none=True)
    paper_closed = fields.String()
    practitioners = fields.List(fields.Nested(LeadSchema))
    needs_family_agreement = fields.Boolean()
    may_agree = fields.List(fields.Nested(PersonOfFamilySchema))


class AgreementSchema(Schema):
    """Who of the family agreed to the agency, by their refs in the paper, how, and when."""

    by = fields.List(fields.String(), required=True, validate=validate.Length(min=1, max=30))
    how = Choice("How they agreed", HOW, required=True)
    on = Day("Date when they agreed", required=True, past=True)


class AcceptanceSchema(Schema):
    """Who will lead the plan, and how often it is reviewed where that is not as usual for its kind."""

    practitioner_id = fields.UUID(required=True)
    review_case = Choice("How often the plan is reviewed", REVIEW_CASES)
    family_agreement = fields.Nested(AgreementSchema, load_default=None, allow_none=True)


class PlanOpenedSchema(Schema):
    """The plan that an acceptance opened."""

    plan_id = fields.UUID()
    review_due_on = fields.Date()
    policy = fields.String()


class RefusalSchema(Schema):
    """Why an agency declines a family."""

    reason = Choice("Why you decline", DECLINED_BECAUSE, required=True)
    note = Words("What the panel should know", longest=2000)


@api.route("/allocations", methods=["GET"])
@api.arguments(AllocationQuerySchema, location="query")
@api.response(200, AllocationsSchema)
@needs("agency_manager")
def list_allocations(query: Mapping[str, Any]) -> dict[str, Any]:
    """List the allocations of the manager's agency, the soonest answers first."""
    states = [query["state"]] if "state" in query else list(STATES)
    with database().read() as session:
        page = reads.allocations_of(session, current_person().agency_id, states, number=query["page"])
        names = reads.service_names(session, [row.service_id for row in page.rows])
    found = [_allocation(row, names.get(row.service_id, "")) for row in page.rows]
    return {"allocations": found, "page": page.number, "has_more": page.has_more}


@api.route("/allocations/<uuid:allocation_id>", methods=["GET"])
@api.response(200, AllocationWithPaperSchema)
@needs("agency_manager")
def get_allocation(allocation_id: UUID) -> dict[str, Any]:
    """Return an allocation with the family's paper; the audit keeps who read it."""
    person = current_person()
    with database().begin() as session:
        row = reads.allocation_for(session, allocation_id, person.agency_id)
        is_theirs = row.state in WITH_PAPER
        paper = paper_for_agency(session, row.request_id, row.agency_id) if is_theirs else AgencysPaper(None, "")
        leads = people_of(session, [lead.person_id for lead in reads.lead_practitioners_of(session, row.agency_id)])
        record(session, who=person.person_id, did="opened_allocation", subject="request", subject_id=row.request_id)
        note_reading(session, row.request_id, paper, by=person.person_id)
        return _allocation(row, reads.service_name(session, row.service_id)) | {
            "paper": paper.content,
            "paper_closed": paper.closed,
            "practitioners": [{"person_id": key, "name": name} for key, name in leads.items()],
            "needs_family_agreement": row.state == "offered" and is_agreement_needed(session, row, _new_agency()),
            "may_agree": [{"ref": ref, "name": name} for ref, name in people_who_may_agree(paper.content).items()],
        }


@api.route("/allocations/<uuid:allocation_id>/acceptance", methods=["POST"])
@api.arguments(AcceptanceSchema)
@api.response(201, PlanOpenedSchema)
@needs("agency_manager")
def accept_allocation(body: Mapping[str, Any], allocation_id: UUID) -> dict[str, Any]:
    """Take a family on and name who leads the plan."""
    with database().begin() as session:
        plan = actions.accept_allocation(
            session,
            allocation_id,
            practitioner_id=body["practitioner_id"],
            by=current_person(),
            reviews=resources().authority.reviews,
            review_case=body["review_case"],
            agreement=_agreement(body["family_agreement"]),
            new_agency=_new_agency(),
            now=now(),
        )
        review = waiting_review(session, plan.id)
        return {"plan_id": plan.id, "review_due_on": review and review.due_on, "policy": review and review.policy}


@api.route("/allocations/<uuid:allocation_id>/refusal", methods=["POST"])
@api.arguments(RefusalSchema)
@api.response(204)
@needs("agency_manager")
def decline_allocation(body: Mapping[str, str], allocation_id: UUID) -> None:
    """Decline a family with a reason; it is back in the queue."""
    panels = panel_choices(resources().authority)
    with database().begin() as session:
        actions.decline_allocation(session, allocation_id, **body, by=current_person(), panels=panels, now=now())


def _agreement(given: Mapping[str, Any] | None) -> Agreement | None:
    return Agreement(tuple(given["by"]), given["how"], given["on"]) if given else None


def _new_agency() -> str:
    return resources().authority.consent.new_agency


def _allocation(row: AllocationRow, service_name: str) -> dict[str, Any]:
    return {
        "allocation_id": row.id,
        "request_id": row.request_id,
        "reference": row.reference,
        "kind": row.kind,
        "service_id": row.service_id,
        "service_name": service_name,
        "meeting_id": row.meeting_id,
        "urgency": row.urgency,
        "received_on": row.received_on,
        "children": row.children,
        "level": {"scheme": row.level_scheme, "version": row.level_version, "number": row.level_number},
        "state": row.state,
        "offered_at": row.offered_at,
        "answer_due_on": row.answer_due_on,
        "answered_at": row.answered_at,
        "declined_because": row.declined_because,
        "practitioner_id": row.practitioner_id,
    }
