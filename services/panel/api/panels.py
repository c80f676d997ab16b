"""JSON routes for panels, their seats and their queues."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.panel.access import panel_run_by, panels_coordinated_by, panels_seen_by
from services.panel.actions import seats as actions
from services.panel.actions.calendar import cut_off_of
from services.panel.queries import calendar as queries
from services.panel.queries import queue as queue_queries
from services.panel.rules.agenda import SEATS
from services.panel.tables import PanelRow
from shared.audit import record
from shared.authority.panel_words import cut_off_in_words
from shared.web.access import current_person, needs
from shared.web.app import database, now
from shared.web.fields import Choice

api = Blueprint("panels", __name__, description="Panels, who sits at them and who waits for them.")

_MOST_SEATS = 100


class PanelSchema(Schema):
    """A panel with the rules of its calendar."""

    panel_id = fields.UUID()
    key = fields.String()
    name = fields.String()
    kind = fields.String()
    locality = fields.String()
    place = fields.String()
    capacity = fields.Integer()
    weeks = fields.Integer()
    cut_off = fields.String()


class PanelsSchema(Schema):
    """The panels that the person sees."""

    panels = fields.List(fields.Nested(PanelSchema))


class NewSeatSchema(Schema):
    """A seat to fill; without a person it waits for the agency to name one."""

    seat = Choice("The seat", SEATS, required=True)
    agency_id = fields.UUID(required=True, allow_none=True)
    person_id = fields.UUID(required=True, allow_none=True)


class SeatSchema(Schema):
    """A seat with the names of its person and agency, as far as they are known."""

    seat = fields.String()
    person_id = fields.UUID(allow_none=True)
    person_name = fields.String(allow_none=True)
    agency_id = fields.UUID(allow_none=True)
    agency_name = fields.String(allow_none=True)


class SeatsSchema(Schema):
    """Every seat of a panel."""

    key = fields.String()
    seats = fields.List(fields.Nested(SeatSchema))


class QueueQuerySchema(Schema):
    """Which page of the queue."""

    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000))


class QueueEntrySchema(Schema):
    """A request that waits, with its meeting when it has a place at one."""

    request_id = fields.UUID()
    reference = fields.String()
    panel = fields.String()
    kind = fields.String()
    urgency = fields.String()
    children = fields.Integer()
    received_on = fields.Date()
    why = fields.String()
    times_carried = fields.Integer()
    not_before = fields.Date(allow_none=True)
    state = fields.String()
    meeting_id = fields.UUID(allow_none=True)
    held_on = fields.Date(allow_none=True)


class QueueSchema(Schema):
    """One page of who waits, those without a meeting first."""

    queue = fields.List(fields.Nested(QueueEntrySchema))
    total = fields.Integer()
    page = fields.Integer()


@api.route("/panels", methods=["GET"])
@api.response(200, PanelsSchema)
@needs("coordinator", "panel_member", "administrator")
def list_panels() -> dict[str, Any]:
    """List the panels at which the person has a seat; every one for an administrator."""
    with database().read() as session:
        return {"panels": [_panel(panel) for panel in panels_seen_by(session, current_person())]}


@api.route("/panels/<key>/seats", methods=["POST"])
@api.arguments(NewSeatSchema(many=True))
@api.response(201, SeatsSchema)
@needs("administrator", "coordinator")
def fill_seats(body: Sequence[Mapping[str, Any]], key: str) -> dict[str, Any]:
    """Fill seats of a panel; sending the same seats again changes nothing."""
    person = current_person()
    actions.check_how_many(len(body), most=_MOST_SEATS)
    with database().begin() as session:
        panel = panel_run_by(session, key, person)
        new = [actions.NewSeat(row["seat"], row["agency_id"], row["person_id"]) for row in body]
        actions.fill_seats(session, panel, new, by=person.person_id, now=now())
        return {"key": key, "seats": [_seat(line) for line in queries.seats_of(session, panel.id)]}


@api.route("/queue", methods=["GET"])
@api.arguments(QueueQuerySchema, location="query")
@api.response(200, QueueSchema)
@needs("coordinator")
def list_queue(query: Mapping[str, Any]) -> dict[str, Any]:
    """List who waits at the panels that the person coordinates."""
    person = current_person()
    with database().begin() as session:
        panel_ids = [panel.id for panel in panels_coordinated_by(session, person)]
        found = queue_queries.queue_page(session, panel_ids, query["page"])
        record(session, who=person.person_id, did="read_queue", subject="queue", subject_id="api", page=query["page"])
        return {"queue": [_entry(line) for line in found.rows], "total": found.total, "page": found.number}


def _panel(panel: PanelRow) -> dict[str, Any]:
    return {
        "panel_id": panel.id,
        "key": panel.key,
        "name": panel.name,
        "kind": panel.kind,
        "locality": panel.locality,
        "place": panel.place,
        "capacity": panel.capacity,
        "weeks": panel.weeks,
        "cut_off": cut_off_in_words(cut_off_of(panel)),
    }


def _seat(line: queries.SeatLine) -> dict[str, Any]:
    return {
        "seat": line.seat.seat,
        "person_id": line.seat.person_id,
        "person_name": line.person or None,
        "agency_id": line.seat.agency_id,
        "agency_name": line.agency,
    }


def _entry(line: queue_queries.QueueLine) -> dict[str, Any]:
    entry = line.entry
    return {
        "request_id": entry.request_id,
        "reference": entry.reference,
        "panel": entry.panel.key,
        "kind": entry.kind,
        "urgency": entry.urgency,
        "children": entry.children,
        "received_on": entry.received_on,
        "why": entry.why,
        "times_carried": entry.times_carried,
        "not_before": entry.not_before,
        "state": entry.state,
        "meeting_id": line.meeting_id,
        "held_on": line.held_on,
    }
