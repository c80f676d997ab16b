"""JSON routes for families' papers: as they were circulated, what agencies know, and who has opened them."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.panel.access import item_with_paper, prepared_by, seated_at
from services.panel.actions.circulation import pack_for
from services.panel.actions.knowledge import say_what_is_known
from services.panel.actions.receipts import note_opened
from services.panel.queries.circulation import circulated_item, items_sent
from services.panel.queries.knowledge import outstanding, what_agencies_know
from services.panel.queries.receipts import readers_of
from services.panel.rules.knowledge import KNOWS, LONGEST_NOTE
from services.panel.rules.receipts import Reader
from shared.audit import record
from shared.errors import NotFound
from shared.web.access import current_person, needs
from shared.web.app import database, now, today
from shared.web.fields import Choice, Words

api = Blueprint("papers", __name__, description="Families' papers, and what agencies know of them.")


class KnowledgeSchema(Schema):
    """What the caller's agency knows of a family; `supersedes` is the `answer_id` of its standing answer, null for the first."""

    knows = Choice("What your agency knows", KNOWS, required=True)
    note = Words("The note", longest=LONGEST_NOTE)
    supersedes = fields.UUID(load_default=None, allow_none=True)


class PackQuerySchema(Schema):
    """Which part of what was circulated: all of it when nothing is said."""

    supplement = fields.Integer(load_default=None)


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


class PaperSchema(Schema):
    """A family's paper as it was circulated: `paper` holds its titled lines, with null where there was none."""

    item_id = fields.UUID()
    number = fields.Integer()
    reference = fields.String()
    kind = fields.String()
    level = fields.String()
    children = fields.Integer()
    received = fields.String()
    why = fields.String()
    paper = fields.Dict(keys=fields.String(), allow_none=True)


@api.route("/meetings/<uuid:meeting_id>/papers/<uuid:item_id>", methods=["GET"])
@api.response(200, PaperSchema)
@needs("coordinator", "panel_member")
def get_paper(meeting_id: UUID, item_id: UUID) -> Any:
    """Return a paper as it was circulated; the audit and the receipts keep who read it."""
    person = current_person()
    with database().begin() as session:
        _, item, _ = item_with_paper(session, meeting_id, item_id, person, today())
        note_opened(session, [item_id], by=person.person_id, how="api", now=now())
        record(session, who=person.person_id, did="read_paper", subject="request", subject_id=item.request_id)
        return circulated_item(session, item_id).contents


@api.route("/meetings/<uuid:meeting_id>/pack.pdf", methods=["GET"])
@api.arguments(PackQuerySchema, location="query")
@api.response(200, content_type="application/pdf")
@needs("coordinator", "panel_member")
def get_pack(query: Mapping[str, Any], meeting_id: UUID) -> Response:
    """Return the caller's own copy of what was circulated, or of one supplement, without what is closed to them."""
    person = current_person()
    with database().begin() as session:
        seated = seated_at(session, meeting_id, person)
        if not seated.papers_open(today()):
            raise NotFound("There is no pack, or it is not open to you.")
        pdf = pack_for(session, seated.meeting, person, now=now(), **query)
        record(session, who=person.person_id, did="read_pack", subject="meeting", subject_id=meeting_id)
    return Response(pdf, mimetype="application/pdf")


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


class OpenedSchema(Schema):
    """That somebody opened a paper; `how` is page, pdf or both. Instants in UTC."""

    item_id = fields.UUID()
    first_at = fields.AwareDateTime()
    last_at = fields.AwareDateTime()
    times = fields.Integer()
    how = fields.List(fields.String())


class ReaderSchema(Schema):
    """Somebody with a seat, what they opened and what they have not; what is closed to them is in neither."""

    person_id = fields.UUID()
    name = fields.String()
    agency = fields.String()
    seat = fields.String()
    opened = fields.List(fields.Nested(OpenedSchema))
    not_opened = fields.List(fields.UUID())


class OutstandingSchema(Schema):
    """An agency that is still to say what it knows, by the items' ids."""

    agency_id = fields.UUID()
    agency = fields.String()
    unanswered = fields.List(fields.UUID())
    looking = fields.List(fields.UUID())


class ReadersSchema(Schema):
    """Who has opened the papers of a meeting, and which agencies are to be reminded."""

    readers = fields.List(fields.Nested(ReaderSchema))
    outstanding = fields.List(fields.Nested(OutstandingSchema))


@api.route("/meetings/<uuid:meeting_id>/readers", methods=["GET"])
@api.response(200, ReadersSchema)
@needs("coordinator", "panel_member")
def get_readers(meeting_id: UUID) -> dict[str, Any]:
    """Return who has opened what and which agencies are still to answer, for who prepares or chairs the meeting."""
    with database().read() as session:
        meeting = prepared_by(session, meeting_id, current_person()).meeting
        items = items_sent(session, meeting_id)
        knowledge = what_agencies_know(session, meeting.panel_id, items)
        readers = [_reader(reader, [item.id for item in items]) for reader in readers_of(session, meeting, items)]
        return {"readers": readers, "outstanding": outstanding(items, knowledge)}


def _reader(reader: Reader, item_ids: list[UUID]) -> dict[str, Any]:
    return {
        "person_id": reader.person_id,
        "name": reader.name,
        "agency": reader.agency,
        "seat": reader.seat,
        "opened": [{"item_id": item_id, **asdict(one)} for item_id, one in reader.opened.items()],
        "not_opened": reader.not_opened(item_ids),
    }
