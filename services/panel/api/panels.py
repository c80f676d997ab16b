"""JSON routes for panels and their seats."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from services.panel.access import panel_run_by, panel_seen_by, panels_seen_by
from services.panel.actions import seats as actions
from services.panel.actions.calendar import cut_off_of
from services.panel.queries import calendar as queries
from services.panel.rules.agenda import SEATS
from services.panel.tables import PanelRow
from shared.authority.panel_words import cut_off_in_words
from shared.web.access import current_person, needs
from shared.web.app import database, now
from shared.web.fields import Choice, Line

api = Blueprint("panels", __name__, description="Panels and who sits at them.")

_MOST_SEATS = 100


class PanelSchema(Schema):
    """A panel with the rules of its calendar: `weeks` is 0 for one that meets `monthly`, on such as a first tuesday."""

    panel_id = fields.UUID()
    key = fields.String()
    name = fields.String()
    kind = fields.String()
    locality = fields.String()
    place = fields.String()
    capacity = fields.Integer()
    video_link = fields.String()
    weeks = fields.Integer()
    monthly = fields.String()
    cut_off = fields.String()
    is_in_profile = fields.Boolean()


class PanelsSchema(Schema):
    """The panels that the person sees."""

    panels = fields.List(fields.Nested(PanelSchema))


class NewSeatSchema(Schema):
    """A seat to fill; without a person it waits for the agency to name one."""

    seat = Choice("The seat", SEATS, required=True)
    agency_id = fields.UUID(required=True, allow_none=True)
    person_id = fields.UUID(required=True, allow_none=True)
    role = Line("The role", longest=100)


class ChangedSeatSchema(NewSeatSchema):
    """A seat as it is to be; `seen_person_id` is who had it when it was looked at, null for nobody."""

    seen_person_id = fields.UUID(required=True, allow_none=True)


class SeenSchema(Schema):
    """Who had a seat when it was looked at."""

    seen_person_id = fields.UUID(required=True)


class SeatSchema(Schema):
    """A seat with the names of its person and agency, as far as they are known."""

    seat_id = fields.UUID()
    seat = fields.String()
    role = fields.String()
    person_id = fields.UUID(allow_none=True)
    person_name = fields.String(allow_none=True)
    agency_id = fields.UUID(allow_none=True)
    agency_name = fields.String(allow_none=True)


class SeatsSchema(Schema):
    """Every seat of a panel."""

    key = fields.String()
    seats = fields.List(fields.Nested(SeatSchema))


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
        actions.fill_seats(session, panel, [_wanted(row) for row in body], by=person.person_id, now=now())
        return _seats(session, panel)


@api.route("/panels/<key>/seats", methods=["GET"])
@api.response(200, SeatsSchema)
@needs("coordinator", "panel_member", "administrator")
def list_seats(key: str) -> dict[str, Any]:
    """List the seats of a panel, for those who have one there and for administrators."""
    with database().read() as session:
        return _seats(session, panel_seen_by(session, key, current_person()))


@api.route("/panels/<key>/seats/<uuid:seat_id>", methods=["PUT"])
@api.arguments(ChangedSeatSchema)
@api.response(200, SeatsSchema)
@needs("administrator", "coordinator")
def change_seat(body: Mapping[str, Any], key: str, seat_id: UUID) -> dict[str, Any]:
    """Give a seat another person, agency, role or rank; 409 where somebody else has changed it meanwhile."""
    person = current_person()
    with database().begin() as session:
        panel = panel_run_by(session, key, person)
        seen = body["seen_person_id"]
        actions.change_seat(session, panel, seat_id, _wanted(body), seen=seen, by=person.person_id, now=now())
        return _seats(session, panel)


@api.route("/panels/<key>/seats/<uuid:seat_id>/freeing", methods=["POST"])
@api.arguments(SeenSchema)
@api.response(200, SeatsSchema)
@needs("administrator", "coordinator")
def free_seat(body: Mapping[str, Any], key: str, seat_id: UUID) -> dict[str, Any]:
    """Take a person out of a seat: a member's stays, with its agency or role, to be named; another goes."""
    person = current_person()
    with database().begin() as session:
        panel = panel_run_by(session, key, person)
        actions.free_seat(session, panel, seat_id, seen=body["seen_person_id"], by=person.person_id, now=now())
        return _seats(session, panel)


@api.route("/panels/<key>/seats/<uuid:seat_id>", methods=["DELETE"])
@api.response(204)
@needs("administrator", "coordinator")
def remove_seat(key: str, seat_id: UUID) -> None:
    """Take an empty seat away; 409 where somebody has it, or it is gone."""
    person = current_person()
    with database().begin() as session:
        actions.remove_seat(session, panel_run_by(session, key, person), seat_id, by=person.person_id)


def _wanted(row: Mapping[str, Any]) -> actions.NewSeat:
    return actions.NewSeat(row["seat"], row["agency_id"], row["person_id"], row["role"])


def _seats(session: Session, panel: PanelRow) -> dict[str, Any]:
    return {"key": panel.key, "seats": [_seat(line) for line in queries.seats_of(session, panel.id)]}


def _panel(panel: PanelRow) -> dict[str, Any]:
    return {
        "panel_id": panel.id,
        "key": panel.key,
        "name": panel.name,
        "kind": panel.kind,
        "locality": panel.locality,
        "place": panel.place,
        "capacity": panel.capacity,
        "video_link": panel.video_link,
        "weeks": panel.weeks,
        "monthly": panel.monthly,
        "cut_off": cut_off_in_words(cut_off_of(panel)),
        "is_in_profile": panel.is_in_profile,
    }


def _seat(line: queries.SeatLine) -> dict[str, Any]:
    return {
        "seat_id": line.seat.id,
        "seat": line.seat.seat,
        "role": line.seat.role,
        "person_id": line.seat.person_id,
        "person_name": line.person or None,
        "agency_id": line.seat.agency_id,
        "agency_name": line.agency,
    }
