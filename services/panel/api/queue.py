"""JSON routes for who waits for a meeting, and for what is arranged about it by hand."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.panel.access import panels_led_by
from services.panel.actions import arrangements as actions
from services.panel.actions import late_items
from services.panel.both_doors.queue_lines import expected, places_of
from services.panel.queries.queue_page import QueueFilter, QueueLine, not_shown, queue_page
from services.panel.rules.arrangements import MOST_LATE_ITEMS, SENT_BACK_BECAUSE
from services.panel.rules.queue import URGENCIES, WHY
from shared.audit import record
from shared.web.access import current_person, needs
from shared.web.app import database, now, today
from shared.web.fields import Choice, Words

api = Blueprint("queue", __name__, description="Who waits for a meeting.")


class QueueQuerySchema(Schema):
    """Which page of the queue, and who is to be found on it."""

    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000))
    panel = fields.String(load_default="")
    why = Choice("Why they wait", WHY)
    urgency = Choice("The urgency", URGENCIES)
    place = Choice("With or without a place", ("with", "without"))
    carried_too_often = fields.Boolean(load_default=False)


class QueueEntrySchema(Schema):
    """A request that waits, with its meeting when it has a place at one.

    Without a place, `families_ahead` counts who takes one before it, and `expected_on` is about when it would be heard.
    """

    request_id = fields.UUID()
    entry_id = fields.UUID()
    reference = fields.String()
    panel = fields.String()
    kind = fields.String()
    urgency = fields.String()
    children = fields.Integer()
    received_on = fields.Date()
    waited_days = fields.Integer()
    why = fields.String()
    times_carried = fields.Integer()
    not_before = fields.Date(allow_none=True)
    state = fields.String()
    meeting_id = fields.UUID(allow_none=True)
    held_on = fields.Date(allow_none=True)
    families_ahead = fields.Integer(allow_none=True)
    expected_on = fields.Date(allow_none=True)


class QueuePlacesSchema(Schema):
    """How a panel's places stand; `next_with_room` is None where every planned meeting is full."""

    panel = fields.String()
    families_without_place = fields.Integer()
    families_carried_too_often = fields.Integer()
    next_with_room = fields.UUID(allow_none=True)
    next_with_room_on = fields.Date(allow_none=True)


class QueueSchema(Schema):
    """One page of who waits, in the order in which they take places.

    `not_shown` counts the requests that wait there and in which the reader has no part; the filters leave none of them out.
    """

    queue = fields.List(fields.Nested(QueueEntrySchema))
    places = fields.List(fields.Nested(QueuePlacesSchema))
    total = fields.Integer()
    not_shown = fields.Integer()
    page = fields.Integer()


@api.route("/queue", methods=["GET"])
@api.arguments(QueueQuerySchema, location="query")
@api.response(200, QueueSchema)
@needs("coordinator", "panel_member")
def list_queue(query: Mapping[str, Any]) -> dict[str, Any]:
    """List who waits at the panels that the person leads."""
    person, page = current_person(), query["page"]
    with database().begin() as session:
        panels = [panel for panel in panels_led_by(session, person) if query["panel"] in ("", panel.key)]
        asked = QueueFilter(
            panel_ids=[panel.id for panel in panels],
            reader_id=person.person_id,
            why=query["why"],
            urgency=query["urgency"],
            place=query["place"],
            carried_too_often=query["carried_too_often"],
        )
        found, places = queue_page(session, asked, page), places_of(session, panels, now())
        days = expected(found.rows, places)
        record(session, who=person.person_id, did="read_queue", subject="queue", subject_id="api", page=page)
        return {
            "queue": [_entry(line, days.get(line.entry.id)) for line in found.rows],
            "places": [
                {
                    "panel": one.panel.key,
                    "families_without_place": one.overflow.without_place,
                    "families_carried_too_often": one.overflow.carried_too_often,
                    "next_with_room": one.first_with_room.meeting_id if one.first_with_room else None,
                    "next_with_room_on": one.first_with_room.held_on if one.first_with_room else None,
                }
                for one in places.values()
            ],
            "total": found.total,
            "not_shown": not_shown(session, asked),
            "page": found.number,
        }


def _entry(line: QueueLine, expected_on: date | None) -> dict[str, Any]:
    entry = line.entry
    return {
        "request_id": entry.request_id,
        "entry_id": entry.id,
        "reference": entry.reference,
        "panel": entry.panel.key,
        "kind": entry.kind,
        "urgency": entry.urgency,
        "children": entry.children,
        "received_on": entry.received_on,
        "waited_days": (today() - entry.received_on).days,
        "why": entry.why,
        "times_carried": entry.times_carried,
        "not_before": entry.not_before,
        "state": entry.state,
        "meeting_id": line.meeting_id,
        "held_on": line.held_on,
        "families_ahead": line.families_ahead,
        "expected_on": expected_on,
    }


class _ArrangementSchema(Schema):
    """What is arranged by hand: `entry_id` is the wait that was read, so that nobody moves what somebody else moved."""

    entry_id = fields.UUID(required=True)
    reason = Words("The reason", required=True, longest=1000)


class PuttingOffSchema(_ArrangementSchema):
    """From which London date on the family is heard."""

    not_before = fields.Date(required=True)


class SendingBackSchema(_ArrangementSchema):
    """Why the request goes back to the front door."""

    because = Choice("Why it goes back", SENT_BACK_BECAUSE, required=True)


@api.route("/queue/<uuid:request_id>/putting-off", methods=["POST"])
@api.arguments(PuttingOffSchema)
@api.response(204)
@needs("coordinator", "panel_member")
def put_off(body: Mapping[str, Any], request_id: UUID) -> None:
    """Put a family off to a later meeting, off the agenda that it is on."""
    with database().begin() as session:
        actions.put_off(session, request_id, **body, by=current_person().person_id, now=now())


@api.route("/queue/<uuid:request_id>/sending-back", methods=["POST"])
@api.arguments(SendingBackSchema)
@api.response(204)
@needs("coordinator", "panel_member")
def send_back(body: Mapping[str, Any], request_id: UUID) -> None:
    """Give a request back to the front door, which decides about it anew."""
    with database().begin() as session:
        actions.send_back(session, request_id, **body, by=current_person().person_id, now=now())


class LateItemsSchema(Schema):
    """The requests that come late, who of the chair and deputies gave leave, and why they cannot wait."""

    request_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MOST_LATE_ITEMS))
    leave_by = fields.UUID(required=True)
    reason = Words("The reason", required=True, longest=1000)


@api.route("/meetings/<uuid:meeting_id>/late-items", methods=["POST"])
@api.arguments(LateItemsSchema)
@api.response(204)
@needs("coordinator", "panel_member")
def take_late(body: Mapping[str, Any], meeting_id: UUID) -> None:
    """Take requests on to an agenda that has closed; their papers follow as a supplement."""
    with database().begin() as session:
        late_items.take_late(session, meeting_id, **body, by=current_person().person_id, now=now())


class MorePlacesSchema(Schema):
    """How many more families a meeting takes, and why; `seen` are the places that were read."""

    more = fields.Integer(required=True)
    seen = fields.Integer(required=True)
    reason = Words("The reason", required=True, longest=1000)


@api.route("/meetings/<uuid:meeting_id>/places", methods=["POST"])
@api.arguments(MorePlacesSchema)
@api.response(204)
@needs("coordinator", "panel_member")
def give_more_places(body: Mapping[str, Any], meeting_id: UUID) -> None:
    """Give a meeting more places; those who wait take them at once."""
    with database().begin() as session:
        actions.give_more_places(session, meeting_id, **body, by=current_person().person_id, now=now())
