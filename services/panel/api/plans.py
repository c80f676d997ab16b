"""JSON routes for plans and their reviews."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.panel.actions import reviews as actions
from services.panel.queries import plans as reads
from services.panel.rules.reviews import PROGRESS, REASONS_TO_CHOOSE, REVIEW_OUTCOMES
from services.panel.tables import PlanRow, ReviewRow
from shared.audit import record
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.fields import Choice, Day, Words

api = Blueprint("plans", __name__, description="Plans and their reviews.")


class PlanQuerySchema(Schema):
    """Open plans or ended ones, and which page of them."""

    state = fields.String(load_default="open", validate=validate.OneOf(["open", "ended"]))
    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000))


class PlanSchema(Schema):
    """A plan with the day by which its next review is due."""

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


class PlanWithReviewsSchema(PlanSchema):
    """A plan with all its reviews, newest first."""

    reviews = fields.List(fields.Nested(ReviewSchema))


class NewReviewSchema(Schema):
    """A review that was held; `reason` where the plan ends for another one."""

    held_on = Day("The date of the review", past=True, required=True)
    progress = Choice("How things are", PROGRESS, required=True)
    outcome = Choice("What happens next", REVIEW_OUTCOMES, required=True)
    note = Words("What was said", required=True)
    reason = Choice("Why the plan ends", REASONS_TO_CHOOSE)


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
        rows, has_more = reads.plans_for(
            session, current_person(), closed=query["state"] == "ended", page=query["page"]
        )
    return {"plans": [_plan(*row) for row in rows], "page": query["page"], "has_more": has_more}


@api.route("/plans/<uuid:plan_id>", methods=["GET"])
@api.response(200, PlanWithReviewsSchema)
@needs("lead_practitioner", "agency_manager")
def get_plan(plan_id: UUID) -> dict[str, Any]:
    """Return a plan with its reviews; the audit keeps who read it."""
    person = current_person()
    with database().begin() as session:
        plan = reads.plan_for(session, plan_id, person)
        reviews = reads.reviews_of(session, plan.id)
        record(session, who=person.person_id, did="read_plan", subject="request", subject_id=plan.request_id)
    due_on = next((review.due_on for review in reviews if review.held_on is None), None)
    return _plan(plan, due_on) | {"reviews": [_review(review) for review in reviews]}


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
            by=current_person().person_id,
            reviews=resources().authority.reviews,
            now=now(),
        )
    return {"plan_id": plan_id, "next_review_due_on": following.due_on if following else None}


def _plan(plan: PlanRow, due_on: date | None) -> dict[str, Any]:
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
    }


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
