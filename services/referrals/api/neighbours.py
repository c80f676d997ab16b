"""What neighbouring services ask: the paper of a family for a panel, whom notifications may tell, where a letter may go, and where a draft's link goes."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.referrals.api.contacts import contacts_of
from services.referrals.api.letters import letters_of
from services.referrals.api.paper import attachments_in_paper, for_the_panel, has_undisclosed_address, paper_of
from services.referrals.api.said_later import said_later
from services.referrals.attaching import open_file
from services.referrals.files import files_of
from services.referrals.queries.amendments import amendments_of, has_unread_contact
from services.referrals.queries.attachments import attachments_of
from services.referrals.queries.drafts import mailed_link
from services.referrals.queries.requests import whole_request
from services.referrals.rules.drafts import return_code
from shared.audit import record
from shared.errors import Conflict
from shared.web.access import needs_neighbour
from shared.web.app import database, resources, today

api = Blueprint("neighbours", __name__, description="For neighbouring services")


class ReaderSchema(Schema):
    """For whom a neighbour asks: a person's id."""

    reader = fields.UUID(required=True)


@api.route("/requests/<uuid:request_id>/paper", methods=["GET"])
@api.response(200)
@needs_neighbour("panel")
def get_paper(request_id: UUID) -> dict[str, Any]:
    """Return what a panel may read of a family."""
    with database().begin() as session:
        request = whole_request(session, request_id)
        record(session, who="panel", did="read_paper", subject="request", subject_id=request_id)
        paper = for_the_panel(paper_of(request, resources().authority, today()))
        return paper | {
            "said_later": said_later(amendments_of(session, request_id)),
            "attachments": attachments_in_paper(attachments_of(session, request_id)),
            "attachments_stay": has_undisclosed_address(request),
        }


@api.route("/requests/<uuid:request_id>/attachments/<uuid:attachment_id>", methods=["GET"])
@api.arguments(ReaderSchema, location="query")
@api.response(200, content_type="application/octet-stream")
@needs_neighbour("panel")
def get_attachment(query: dict[str, UUID], request_id: UUID, attachment_id: UUID) -> Response:
    """Give a file that came with a request to somebody who may read its paper; the audit keeps who.

    409 where it may not be opened now, or where the family has an address that is not to be disclosed: that may stand
    in the file, and this service cannot look.
    """
    with database().read() as session:
        if has_undisclosed_address(whole_request(session, request_id)):
            raise Conflict("The files of this family are opened by the front door alone.")
    files, who = files_of(resources().settings), query["reader"]
    opened = open_file(database(), files, request_id, attachment_id, who=who, through="panel")
    return Response(opened.content, mimetype=opened.media_type, headers={"Cache-Control": "no-store"})


@api.route("/requests/<uuid:request_id>/contacts", methods=["GET"])
@api.response(200)
@needs_neighbour("notifications")
def get_contacts(request_id: UUID) -> dict[str, Any]:
    """Return how the referrer and the family may be told, as far as that is safe."""
    with database().begin() as session:
        request = whole_request(session, request_id)
        record(session, who="notifications", did="read_contacts", subject="request", subject_id=request_id)
        return contacts_of(request, today(), is_held=has_unread_contact(session, request_id))


@api.route("/requests/<uuid:request_id>/letters", methods=["GET"])
@api.response(200)
@needs_neighbour("panel")
def get_letters(request_id: UUID) -> dict[str, Any]:
    """Return to which homes a letter about a request may go, and whom it is for."""
    with database().begin() as session:
        request = whole_request(session, request_id)
        record(session, who="panel", did="read_addresses", subject="request", subject_id=request_id)
        return letters_of(request, today(), is_held=has_unread_contact(session, request_id))


@api.route("/drafts/<uuid:draft_id>/links/<int:number>", methods=["GET"])
@api.response(200)
@needs_neighbour("notifications")
def get_draft_link(draft_id: UUID, number: int) -> dict[str, str]:
    """Return where a draft's link is mailed and where it leads; both are empty once that link has ended."""
    with database().begin() as session:
        email = mailed_link(session, draft_id, number)
        record(session, who="notifications", did="read_draft_link", subject="draft", subject_id=draft_id)
    code = return_code(draft_id, number, resources().settings.page_key)
    return {"email": email, "path": f"/referrals/return/{code}" if email else ""}
