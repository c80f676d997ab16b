"""Files that a portal sends with a request: one after another, each as often as it tries."""

from typing import Any
from uuid import UUID

import structlog
from flask import g
from flask_smorest import Blueprint
from flask_smorest.fields import Upload
from marshmallow import Schema, fields
from werkzeug.exceptions import ServiceUnavailable

from services.referrals.actions.attachments import attach_to_sent, check_is_of
from services.referrals.attaching import given_file, keep_file
from services.referrals.files import StoreAway, files_of
from services.referrals.queries.attachments import attachment_of, attachments_of
from services.referrals.queries.requests import whole_request
from services.referrals.rules.attachments import LARGEST_BODY, STATES, NotTaken
from services.referrals.tables import AttachmentRow
from shared.errors import Invalid
from shared.web.access import needs_portal
from shared.web.app import database, now, resources
from shared.web.uploads import takes_up_to

api = Blueprint("portal_files", __name__, description="Files of requests from portals")

_AGAIN = "The file could not be kept now. Send it again in a few minutes: the same file is kept once."
_VIRUS = "The file has a virus in it, and was not kept"
_STILL_TO_KEEP = "arriving"

log = structlog.get_logger()


class FileSchema(Schema):
    """The file, as a form sends one."""

    file = Upload(required=True, error_messages={"required": "Send the file as the part `file` of a form"})


class AttachmentOut(Schema):
    """A file as it is kept; `state_label` says in words whether it was checked for viruses."""

    attachment_id = fields.UUID()
    name = fields.String()
    kind = fields.String()
    size = fields.Integer(metadata={"description": "Bytes"})
    state = fields.String()
    state_label = fields.String()


class AttachmentsOut(Schema):
    """The files of a request, in the order in which they came."""

    attachments = fields.List(fields.Nested(AttachmentOut))


@api.route("/requests/<uuid:request_id>/attachments", methods=["POST"])
@api.arguments(FileSchema, location="files")
@api.response(201, AttachmentOut, description="The file is kept")
@api.alt_response(200, schema=AttachmentOut, description="The same file was kept before")
@takes_up_to(LARGEST_BODY)
@needs_portal
def post_attachment(sent: dict[str, Any], request_id: UUID) -> tuple[dict[str, Any], int]:
    """Keep a file with a request that this portal sent, until the front door has decided; the same file is kept once."""
    try:
        given = given_file(sent["file"])
    except NotTaken as refusal:
        raise _wrong(str(refusal)) from None
    with database().begin() as session:
        attachment_id, is_new = attach_to_sent(session, request_id, given, portal=g.portal, now=now())
        state = attachment_of(session, request_id, attachment_id).state
    if state == _STILL_TO_KEEP:
        try:
            state = keep_file(database(), files_of(resources().settings), attachment_id, request_id, given.content)
        except StoreAway as error:
            log.error("attachment_not_kept", attachment_id=str(attachment_id), why=str(error))
            raise ServiceUnavailable(_AGAIN) from error
    if state in ("infected", "destroyed"):
        raise _wrong(_VIRUS)
    with database().read() as session:
        return _shown(attachment_of(session, request_id, attachment_id)), 201 if is_new else 200


@api.route("/requests/<uuid:request_id>/attachments", methods=["GET"])
@api.response(200, AttachmentsOut)
@needs_portal
def get_attachments(request_id: UUID) -> dict[str, Any]:
    """List the files of a request that this portal sent, each with how it stands: a virus may be found later."""
    with database().read() as session:
        check_is_of(whole_request(session, request_id), g.portal)
        return {"attachments": [_shown(row) for row in attachments_of(session, request_id)]}


def _wrong(words: str) -> Invalid:
    return Invalid(words, {"file": words})


def _shown(row: AttachmentRow) -> dict[str, Any]:
    kept = {name: getattr(row, name) for name in ("name", "kind", "size", "state")}
    return {"attachment_id": row.id, "state_label": STATES[row.state], **kept}
