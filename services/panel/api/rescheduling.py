"""JSON routes that move, cancel and add one meeting."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.panel.access import meeting_run_by, panel_run_by
from services.panel.actions import rescheduling as actions
from services.panel.api.meetings import MeetingSchema, meeting_as_json
from services.panel.queries import agenda as agenda_queries
from services.panel.queries import calendar as queries
from services.panel.rules.rescheduling import WhenAndWhere
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.fields import Line

api = Blueprint("rescheduling", __name__, description="One meeting moved, cancelled or added.")


class WhenAndWhereSchema(Schema):
    """When and where a meeting is to be: London date and time. Its agenda closes by the panel's rule unless said."""

    held_on = fields.Date(required=True)
    starts = fields.Time(required=True)
    minutes = fields.Integer(required=True, validate=validate.Range(1, 600))
    place = Line("The place", required=True)
    video_link = Line("The link for video", longest=500)
    places = fields.Integer(required=True, validate=validate.Range(1, 100))
    agenda_closes_at = fields.AwareDateTime(load_default=None, allow_none=True)
    because = Line("The reason", required=True)


class ChangeSchema(Schema):
    """Why; `sequence` is the meeting's when it was looked at. `is_confirmed`: although its papers have gone out."""

    because = Line("The reason", required=True)
    sequence = fields.Integer(required=True)
    is_confirmed = fields.Boolean(load_default=False)


class MoveSchema(WhenAndWhereSchema, ChangeSchema):
    """A meeting's new day, time and place."""


@api.route("/panels/<key>/meetings", methods=["POST"])
@api.arguments(WhenAndWhereSchema)
@api.response(201, MeetingSchema)
@needs("coordinator", "administrator")
def add_meeting(body: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Add a meeting that the recurrence does not give; the most urgent who wait move up to it; those with a seat are told."""
    person = current_person()
    with database().begin() as session:
        meeting = actions.add_meeting(
            session,
            panel_run_by(session, key, person),
            _when_and_where(body),
            because=body["because"],
            by=person.person_id,
            closures=resources().authority.closures,
            now=now(),
        )
        return meeting_as_json(meeting, agenda_queries.families_at(session, [meeting.id]).get(meeting.id, 0))


@api.route("/meetings/<uuid:meeting_id>/move", methods=["POST"])
@api.arguments(MoveSchema)
@api.response(200, MeetingSchema)
@needs("coordinator", "administrator")
def move_meeting(body: Mapping[str, Any], meeting_id: UUID) -> dict[str, Any]:
    """Give a meeting another day, time or place; its families stay on it unless an earlier one has room, and everybody is told."""
    with database().begin() as session:
        meeting_run_by(session, meeting_id, current_person())
        actions.move_meeting(
            session,
            meeting_id,
            _when_and_where(body),
            _change(body),
            closures=resources().authority.closures,
            now=now(),
        )
        families = agenda_queries.families_at(session, [meeting_id]).get(meeting_id, 0)
        return meeting_as_json(queries.meeting_by_id(session, meeting_id), families)


@api.route("/meetings/<uuid:meeting_id>/cancellation", methods=["POST"])
@api.arguments(ChangeSchema)
@api.response(200, MeetingSchema)
@needs("coordinator", "administrator")
def cancel_meeting(body: Mapping[str, Any], meeting_id: UUID) -> dict[str, Any]:
    """Cancel a meeting; its families go to the next one with room, or wait, and everybody is told."""
    with database().begin() as session:
        meeting_run_by(session, meeting_id, current_person())
        actions.cancel_meeting(session, meeting_id, _change(body), now=now())
        return meeting_as_json(queries.meeting_by_id(session, meeting_id), 0)


def _when_and_where(body: Mapping[str, Any]) -> WhenAndWhere:
    return WhenAndWhere(
        held_on=body["held_on"],
        starts=body["starts"],
        minutes=body["minutes"],
        place=body["place"],
        video_link=body["video_link"],
        places=body["places"],
        agenda_closes_at=body["agenda_closes_at"],
    )


def _change(body: Mapping[str, Any]) -> actions.Change:
    return actions.Change(
        by=current_person().person_id,
        because=body["because"],
        seen=body["sequence"],
        is_confirmed=body["is_confirmed"],
    )
