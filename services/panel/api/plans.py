"""JSON routes for plans and their reviews."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.panel.access import note_reading, paper_for_agency
from services.panel.actions import plans as plan_actions
from services.panel.actions import reviews as actions
from services.panel.actions.joined_requests import mark_seen, open_request
from services.panel.queries import plans as reads
from services.panel.rules.reviews import PROGRESS, REASONS_TO_CHOOSE, REVIEW_OUTCOMES
from services.panel.tables import PlanLeadRow, PlanRequestRow, PlanRow, ReviewRow
from shared.audit import record
from shared.authority import REVIEW_CASES
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.fields import Choice, Day, Words

api = Blueprint("plans", __name__, description="Plans and their reviews.")


class PlanQuerySchema(Schema):
    """Open plans or ended ones, and which page of them."""

    state = fields.String(load_default="open", validate=validate.OneOf(["open", "ended"]))
    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000))


class PlanSchema(Schema):
    """A plan with the day by which its next review is due, and how many requests joined it that its lead has not read."""

    plan_id = fields.UUID()
    request_id = fields.UUID()
    reference = fields.String()
    kind = fields.String()
    agency_id = fields.UUID()
    service_id = fields.UUID()
    practitioner_id = fields.UUID()
    opened_on = fields.Date()
    closed_on = fields.Date(allow_none=True)
    closed_because = fields.String(allow_none=True)
    next_review_due_on = fields.Date(allow_none=True)
    new_requests = fields.Integer()


class PlansSchema(Schema):
    """A page of plans."""

    plans = fields.List(fields.Nested(PlanSchema))
    page = fields.Integer()
    has_more = fields.Boolean()


class ReviewSchema(Schema):
    """A review, due or held."""

    review_id = fields.UUID()
    due_on = fields.Date()
    policy = fields.String()
    held_on = fields.Date(allow_none=True)
    progress = fields.String(allow_none=True)
    outcome = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


class NamedLeadSchema(Schema):
    """Who was named to lead a plan, and since when."""

    lead_id = fields.UUID()
    practitioner_id = fields.UUID()
    named_at = fields.AwareDateTime()


class JoinedRequestSchema(Schema):
    """A later request for the family that lies with the plan; `is_new` until whoever leads the plan has read or seen it."""

    request_id = fields.UUID()
    reference = fields.String()
    joined_on = fields.Date()
    is_new = fields.Boolean()


class JoinedPaperSchema(JoinedRequestSchema):
    """A request that joined the plan, with its paper. `paper_closed` says why there is none.

    It is excluded, awaited, not_shared or taken_away; empty where the paper is open, or still being fetched.
    """

    paper = fields.Dict(allow_none=True)
    paper_closed = fields.String()


class PlanStorySchema(PlanSchema):
    """A plan with its reviews and the requests that joined it, newest first, and who led it, the first one first."""

    reviews = fields.List(fields.Nested(ReviewSchema))
    requests = fields.List(fields.Nested(JoinedRequestSchema))
    leads = fields.List(fields.Nested(NamedLeadSchema))


class NewLeadSchema(Schema):
    """Who is to lead the plan; `supersedes` is the naming that stands, the last of the plan's `leads`."""

    practitioner_id = fields.UUID(required=True)
    supersedes = fields.UUID(required=True)


class NewReviewSchema(Schema):
    """A review that was held; `reason` where the plan ends for another one."""

    held_on = Day("The date of the review", past=True, required=True)
    progress = Choice("How things are", PROGRESS, required=True)
    outcome = Choice("What happens next", REVIEW_OUTCOMES, required=True)
    note = Words("What was said", required=True)
    reason = Choice("Why the plan ends", REASONS_TO_CHOOSE)
    review_case = Choice("How often the plan is reviewed from now on", REVIEW_CASES)


class ReviewRecordedSchema(Schema):
    """When the next review is due, null when the plan has ended."""

    plan_id = fields.UUID()
    next_review_due_on = fields.Date(allow_none=True)


@api.route("/plans", methods=["GET"])
@api.arguments(PlanQuerySchema, location="query")
@api.response(200, PlansSchema)
@needs("lead_practitioner", "agency_manager")
def list_plans(query: Mapping[str, Any]) -> dict[str, Any]:
    """List a lead practitioner's own plans, or a manager's agency's, the next review first."""
    with database().read() as session:
        page = reads.plans_for(session, current_person(), closed=query["state"] == "ended", number=query["page"])
        new = reads.new_requests(session, [plan.id for plan, _ in page.rows])
    plans = [_plan(plan, due_on, new.get(plan.id, 0)) for plan, due_on in page.rows]
    return {"plans": plans, "page": page.number, "has_more": page.has_more}


@api.route("/plans/<uuid:plan_id>", methods=["GET"])
@api.response(200, PlanStorySchema)
@needs("lead_practitioner", "agency_manager")
def get_plan(plan_id: UUID) -> dict[str, Any]:
    """Return a plan with what has happened to it; the audit keeps who read it."""
    person = current_person()
    with database().begin() as session:
        plan = reads.plan_for(session, plan_id, person)
        reviews, leads = reads.reviews_of(session, plan.id), reads.leads_of(session, plan.id)
        requests = reads.requests_of(session, plan.id)
        record(session, who=person.person_id, did="read_plan", subject="request", subject_id=plan.request_id)
    due_on = next((review.due_on for review in reviews if review.held_on is None), None)
    return _plan(plan, due_on, sum(row.is_new for row in requests)) | {
        "reviews": [_review(review) for review in reviews],
        "requests": [_joined(row) for row in requests],
        "leads": [_lead(row) for row in leads],
    }


@api.route("/plans/<uuid:plan_id>/requests/<uuid:request_id>", methods=["GET"])
@api.response(200, JoinedPaperSchema)
@needs("lead_practitioner", "agency_manager")
def get_joined_request(plan_id: UUID, request_id: UUID) -> dict[str, Any]:
    """Return a request that joined a plan, with its paper; the audit keeps who read it."""
    person = current_person()
    with database().begin() as session:
        plan = reads.plan_for(session, plan_id, person)
        row = reads.request_of(session, plan.id, request_id)
        paper = paper_for_agency(session, request_id, plan.agency_id)
        note_reading(session, request_id, paper, by=person.person_id)
        if paper.content is not None:
            open_request(row, by=person.person_id, led_by=plan.practitioner_id, now=now())
        return _joined(row) | {"paper": paper.content, "paper_closed": paper.closed}


@api.route("/plans/<uuid:plan_id>/requests/<uuid:request_id>/seen", methods=["POST"])
@api.response(204)
@needs("lead_practitioner")
def mark_request_seen(plan_id: UUID, request_id: UUID) -> None:
    """Put a request aside that is closed to whoever leads the plan; it stays unread."""
    with database().begin() as session:
        mark_seen(session, plan_id, request_id, by=current_person(), now=now())


@api.route("/plans/<uuid:plan_id>/lead-practitioner", methods=["POST"])
@api.arguments(NewLeadSchema)
@api.response(201, NamedLeadSchema)
@needs("agency_manager")
def name_lead_practitioner(body: Mapping[str, UUID], plan_id: UUID) -> dict[str, Any]:
    """Name another lead practitioner of the agency for an open plan."""
    with database().begin() as session:
        return _lead(plan_actions.name_lead_practitioner(session, plan_id, **body, by=current_person(), now=now()))


@api.route("/plans/<uuid:plan_id>/reviews", methods=["POST"])
@api.arguments(NewReviewSchema)
@api.response(201, ReviewRecordedSchema)
@needs("lead_practitioner")
def record_review(body: Mapping[str, Any], plan_id: UUID) -> dict[str, Any]:
    """Record a review of a plan that the person leads."""
    with database().begin() as session:
        following = actions.record_review(
            session,
            plan_id,
            actions.NewReview(**body),
            by=current_person(),
            reviews=resources().authority.reviews,
            now=now(),
        )
    return {"plan_id": plan_id, "next_review_due_on": following.due_on if following else None}


def _plan(plan: PlanRow, due_on: date | None, new_requests: int) -> dict[str, Any]:
    return {
        "plan_id": plan.id,
        "request_id": plan.request_id,
        "reference": plan.reference,
        "kind": plan.kind,
        "agency_id": plan.agency_id,
        "service_id": plan.service_id,
        "practitioner_id": plan.practitioner_id,
        "opened_on": plan.opened_on,
        "closed_on": plan.closed_on,
        "closed_because": plan.closed_because,
        "next_review_due_on": due_on,
        "new_requests": new_requests,
    }


def _joined(row: PlanRequestRow) -> dict[str, Any]:
    return {
        "request_id": row.request_id,
        "reference": row.reference,
        "joined_on": row.joined_on,
        "is_new": row.is_new,
    }


def _lead(row: PlanLeadRow) -> dict[str, Any]:
    return {"lead_id": row.id, "practitioner_id": row.practitioner_id, "named_at": row.named_at}


def _review(review: ReviewRow) -> dict[str, Any]:
    return {
        "review_id": review.id,
        "due_on": review.due_on,
        "policy": review.policy,
        "held_on": review.held_on,
        "progress": review.progress,
        "outcome": review.outcome,
        "note": review.note,
    }
