"""What a portal sends: a request, once, however often it tries."""

from typing import Any

from flask import g, request
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.referrals.actions.receive import Arrival, body_hash, receive_request
from services.referrals.api.idempotency import idempotency_key, takes_idempotency_key
from services.referrals.document import RequestDocument
from shared.web.access import needs_portal
from shared.web.app import database, now, resources

api = Blueprint("portal", __name__, description="Requests from portals")

_DOCUMENT = RequestDocument()
"""Made once: making it takes a third of the time that checking a request takes."""


class Acknowledgement(Schema):
    """What a portal is told: the request has arrived and is safe."""

    reference = fields.String()
    request_id = fields.UUID()
    status = fields.String()
    received_at = fields.AwareDateTime(format="iso")


@api.route("/requests", methods=["POST"])
@api.doc(**takes_idempotency_key("request"))
@api.arguments(_DOCUMENT)
@api.response(201, Acknowledgement, description="The request is kept")
@api.alt_response(200, schema=Acknowledgement, description="The request was kept before, with this key")
@needs_portal
def post_request(document: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Take a request in; the answer holds its reference."""
    arrival = Arrival(
        key=f"{g.portal}/{idempotency_key()}",
        body_hash=body_hash(request.get_json()),
        arrived_by="phone" if document["referrer"]["taken_by"] else "portal",
        portal=g.portal,
        who=g.portal,
    )
    with database().begin() as session:
        received = receive_request(session, document, arrival, authority=resources().authority, now=now())
    answer = {
        "reference": received.reference,
        "request_id": received.id,
        "status": "received",
        "received_at": received.received_at,
    }
    return answer, 201 if received.is_new else 200
