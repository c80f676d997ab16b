"""What a portal may do with a request that it sent: see how it stands, add, correct, withdraw. By the pages' rules."""

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from flask import g
from flask_smorest import Blueprint
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from services.referrals.actions.amend import Sender, amend, withdraw
from services.referrals.actions.attachments import check_is_of
from services.referrals.api.idempotency import idempotency_key, takes_idempotency_key
from services.referrals.queries.consent import leaves_out_referrer
from services.referrals.queries.requests import whole_request
from services.referrals.rules.amending import ABOUT, KINDS, REASONS, allowed_at, what_happens, who_sent
from services.referrals.rules.follow import Step, told
from services.referrals.tables import RequestRow
from shared.audit import record
from shared.errors import NotFound
from shared.web.access import needs_portal
from shared.web.app import database, now, resources
from shared.web.fields import Choice, Words

api = Blueprint("portal_amendments", __name__, description="What portals say of requests after they were sent")


class AmendmentSchema(Schema):
    """What is added or corrected; `was` is for a correction. With `version` it is refused once something happened since."""

    about = Choice("What it is about", ABOUT, required=True)
    kind = Choice("Whether it is new or was wrong", KINDS, required=True)
    was = Words("What was wrong", longest=4000)
    words = Words("What is right, or what you want to add", longest=10_000)
    version = fields.Integer(strict=True, load_default=None, allow_none=True)


class WithdrawalSchema(Schema):
    """Why a request is withdrawn; the reason `other` needs words."""

    reason = Choice("Why", REASONS, required=True)
    words = Words("Your words", longest=4000)
    version = fields.Integer(strict=True, load_default=None, allow_none=True)


class AmendmentOut(Schema):
    """An amendment that is kept beside what was sent, and who reads it."""

    amendment_id = fields.UUID()
    what_happens = fields.String()
    version = fields.Integer()


class WithdrawalOut(Schema):
    """Whether the request is withdrawn; where a worker helps the family already they were told, and ask the family."""

    is_withdrawn = fields.Boolean()
    version = fields.Integer()


class StepOut(Schema):
    """Something that happened to a request, in plain words."""

    at = fields.AwareDateTime(format="iso")
    text = fields.String()


class StatusOut(Schema):
    """How a request stands: what happened to it, oldest first, and what may be done with it now."""

    reference = fields.String()
    version = fields.Integer()
    steps = fields.List(fields.Nested(StepOut))
    may_amend = fields.Boolean()
    may_withdraw = fields.Boolean()
    may_ask_to_stop = fields.Boolean()


@api.route("/requests/<uuid:request_id>/status", methods=["GET"])
@api.response(200, StatusOut)
@needs_portal
def get_status(request_id: UUID) -> dict[str, Any]:
    """Return how a request that this portal sent stands, in words for whoever sent it."""
    with database().begin() as session:
        row = _sent_by_portal(session, request_id)
        record(session, who=g.portal, did="followed", subject="request", subject_id=request_id)
        allowed = allowed_at(row.stage)
        return {
            "reference": row.reference,
            "version": row.version,
            "steps": _steps(row),
            "may_amend": allowed.amend,
            "may_withdraw": allowed.withdraw,
            "may_ask_to_stop": allowed.ask_to_stop,
        }


@api.route("/requests/<uuid:request_id>/amendments", methods=["POST"])
@api.doc(**takes_idempotency_key("amendment"))
@api.arguments(AmendmentSchema)
@api.response(201, AmendmentOut, description="It is kept beside what was sent")
@api.alt_response(200, schema=AmendmentOut, description="It was kept before, with this key")
@needs_portal
def post_amendment(body: dict[str, Any], request_id: UUID) -> tuple[dict[str, Any], int]:
    """Add to or correct a request that this portal sent; whoever holds it is told. 409 once it has ended."""
    amendment_id = _amendment_id(request_id)
    with database().begin() as session:
        row = _sent_by_portal(session, request_id)
        is_new = amend(
            session, row.id, amendment_id, body, sender=_sender(row), now=now(), seen_version=body["version"]
        )
        answer = {"amendment_id": amendment_id, "what_happens": what_happens(row.stage), "version": row.version}
    return answer, 201 if is_new else 200


@api.route("/requests/<uuid:request_id>/withdrawal", methods=["POST"])
@api.doc(**takes_idempotency_key("withdrawal"))
@api.arguments(WithdrawalSchema)
@api.response(201, WithdrawalOut, description="It is withdrawn, or those who help the family were asked to stop")
@api.alt_response(200, schema=WithdrawalOut, description="It was withdrawn before, with this key")
@needs_portal
def post_withdrawal(body: dict[str, Any], request_id: UUID) -> tuple[dict[str, Any], int]:
    """Withdraw a request that this portal sent, or ask that the help stops; whoever holds it is told.

    409 once it has ended, or while social care has it.
    """
    amendment_id = _amendment_id(request_id)
    with database().begin() as session:
        row = _sent_by_portal(session, request_id)
        is_new = withdraw(
            session, row.id, amendment_id, body, sender=_sender(row), now=now(), seen_version=body["version"]
        )
        answer = {"is_withdrawn": row.stage == "withdrawn", "version": row.version}
    return answer, 201 if is_new else 200


def _sent_by_portal(session: Session, request_id: UUID) -> RequestRow:
    row = whole_request(session, request_id)
    check_is_of(row, g.portal)
    if leaves_out_referrer(row):
        raise NotFound("The family does not want the organisation that asked to hear more of this request.")
    return row


def _sender(row: RequestRow) -> Sender:
    return Sender(who_sent(row.source, is_referrer=True), portal=g.portal)


def _amendment_id(request_id: UUID) -> UUID:
    return uuid5(NAMESPACE_URL, f"{g.portal}/{request_id}/{idempotency_key()}")


def _steps(row: RequestRow) -> list[dict[str, Any]]:
    steps = (Step(step.at, step.code, step.details) for step in row.progress)
    is_referrer = who_sent(row.source, is_referrer=True) == "referrer"
    reasons = resources().authority.triage.why_no_further_action
    return [{"at": one.at, "text": one.text} for one in told(steps, is_referrer=is_referrer, reasons=reasons)]
