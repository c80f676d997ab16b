"""Answers about consent, and going on without, for programs that act as somebody of the front door."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.referrals.actions.consent import record_consent
from services.referrals.actions.consent_override import override_consent
from services.referrals.api.consent_in_paper import consent_in_paper
from services.referrals.document.consent import ShareAnswerSchema
from services.referrals.queries.requests import whole_request
from services.referrals.rules.choices import CONSENTS
from services.referrals.rules.consent_choices import ANSWERS_LATER, WHAT_FOR
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.fields import Choice, Choices, Words

api = Blueprint("consent", __name__, description="Consent of the families of requests")


class LaterAnswerSchema(ShareAnswerSchema):
    """What one person answered to one question once the request was here; agencies are for to_share alone."""

    kind = Choice("What was asked", CONSENTS, required=True)
    answer = Choice("What they answered", ANSWERS_LATER, required=True)


class OverrideSchema(Schema):
    """What a request goes on for without consent, and why; nothing to go on for ends the override that stands."""

    what_for = Choices("What it is for", WHAT_FOR)
    rationale = Words("Why acting without consent keeps a child safe", required=True, longest=4000)


class OverrideKept(Schema):
    """The override that stands now; empty `what_for` when it has ended."""

    what_for = fields.List(fields.String())
    decided_at = fields.AwareDateTime(format="iso")


@api.route("/requests/<uuid:request_id>/consent", methods=["POST"])
@api.arguments(LaterAnswerSchema)
@api.response(201)
@needs("front_door")
def post_consent(body: dict[str, Any], request_id: UUID) -> dict[str, Any]:
    """Keep what one person answered; where the family no longer agrees, sharing and work stop at once."""
    kind = body.pop("kind")
    authority = resources().authority
    with database().begin() as session:
        stopped = record_consent(session, request_id, kind, body, by=current_person(), authority=authority, now=now())
        request = whole_request(session, request_id)
        return consent_in_paper(request, authority.consent, today()) | {"has_stopped": stopped, "stage": request.stage}


@api.route("/requests/<uuid:request_id>/consent/override", methods=["POST"])
@api.arguments(OverrideSchema)
@api.response(201, OverrideKept)
@needs("front_door_manager")
def post_override(body: dict[str, Any], request_id: UUID) -> dict[str, Any]:
    """Let a request go on without consent, for a child's safety; the audit keeps who, what for and when."""
    with database().begin() as session:
        row = override_consent(
            session, request_id, **body, by=current_person(), authority=resources().authority, now=now()
        )
        return {"what_for": row.what_for, "decided_at": row.decided_at}
