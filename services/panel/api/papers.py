"""JSON routes for families' papers: what agencies know."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.panel.access import item_with_paper
from services.panel.actions.knowledge import say_what_is_known
from services.panel.queries.knowledge import what_agencies_know
from services.panel.rules.knowledge import KNOWS, LONGEST_NOTE
from shared.audit import record
from shared.web.access import current_person, needs
from shared.web.app import database, now, today
from shared.web.fields import Choice, Words

api = Blueprint("papers", __name__, description="Families' papers, and what agencies know of them.")


class KnowledgeSchema(Schema):
    """What the caller's agency knows of a family; `supersedes` is the `answer_id` of its standing answer, null for the first."""

    knows = Choice("What your agency knows", KNOWS, required=True)
    note = Words("The note", longest=LONGEST_NOTE)
    supersedes = fields.UUID(load_default=None, allow_none=True)


class AgencyAnswerSchema(Schema):
    """How one agency stands to a family: known, not_known, looking, unanswered or excluded."""

    agency_id = fields.UUID()
    agency = fields.String()
    stands = fields.String()
    note = fields.String()
    said_by = fields.String()
    said_at = fields.AwareDateTime(allow_none=True)
    answer_id = fields.UUID(allow_none=True)


class AgencyAnswersSchema(Schema):
    """What each agency of the panel knows of a family."""

    agencies = fields.List(fields.Nested(AgencyAnswerSchema))


@api.route("/meetings/<uuid:meeting_id>/papers/<uuid:item_id>/knowledge", methods=["GET"])
@api.response(200, AgencyAnswersSchema)
@needs("coordinator", "panel_member")
def get_knowledge(meeting_id: UUID, item_id: UUID) -> dict[str, Any]:
    """Return what agencies know of a family whose paper the caller may read; the audit keeps who asked."""
    person = current_person()
    with database().begin() as session:
        seated, item, _ = item_with_paper(session, meeting_id, item_id, person, today())
        record(session, who=person.person_id, did="read_knowledge", subject="request", subject_id=item.request_id)
        return {"agencies": what_agencies_know(session, seated.meeting.panel_id, [item])[item.id]}


@api.route("/meetings/<uuid:meeting_id>/papers/<uuid:item_id>/knowledge", methods=["POST"])
@api.arguments(KnowledgeSchema)
@api.response(200, AgencyAnswersSchema)
@needs("coordinator", "panel_member")
def post_knowledge(body: Mapping[str, Any], meeting_id: UUID, item_id: UUID) -> dict[str, Any]:
    """Say what the caller's agency knows of a family; 409 when a colleague has answered meanwhile."""
    person = current_person()
    with database().begin() as session:
        seated, item, _ = item_with_paper(session, meeting_id, item_id, person, today())
        say_what_is_known(session, seated.meeting, item, **body, by=person.person_id, now=now())
        return {"agencies": what_agencies_know(session, seated.meeting.panel_id, [item])[item.id]}
