"""What neighbouring services ask: the paper of a family for a panel, whom notifications may tell, and where a draft's link goes."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.referrals.api.contacts import contacts_of
from services.referrals.api.paper import for_the_panel, paper_of
from services.referrals.api.said_later import said_later
from services.referrals.queries.amendments import amendments_of, has_unread_contact
from services.referrals.queries.drafts import mailed_link
from services.referrals.queries.requests import whole_request
from services.referrals.rules.drafts import return_code
from shared.audit import record
from shared.web.access import needs_neighbour
from shared.web.app import database, resources, today

api = Blueprint("neighbours", __name__, description="For neighbouring services")


@api.route("/requests/<uuid:request_id>/paper", methods=["GET"])
@api.response(200)
@needs_neighbour("panel")
def get_paper(request_id: UUID) -> dict[str, Any]:
    """Return what a panel may read of a family."""
    with database().begin() as session:
        request = whole_request(session, request_id)
        record(session, who="panel", did="read_paper", subject="request", subject_id=request_id)
        later = said_later(amendments_of(session, request_id))
        return for_the_panel(paper_of(request, resources().authority, today())) | {"said_later": later}


@api.route("/requests/<uuid:request_id>/contacts", methods=["GET"])
@api.response(200)
@needs_neighbour("notifications")
def get_contacts(request_id: UUID) -> dict[str, Any]:
    """Return how the referrer and the family may be told, as far as that is safe."""
    with database().begin() as session:
        request = whole_request(session, request_id)
        record(session, who="notifications", did="read_contacts", subject="request", subject_id=request_id)
        return contacts_of(request, today(), is_held=has_unread_contact(session, request_id))


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
