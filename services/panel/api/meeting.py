"""JSON routes for running a meeting: open, attendance, conflicts, end."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.panel.actions import attendance as attendance_actions
from services.panel.actions import meeting as actions
from services.panel.rules.decisions import CARRIED_OVER_BECAUSE
from services.panel.rules.meeting import PRESENCE
from services.panel.rules.minutes import MINUTES_GO_OUT
from services.panel.tables import MeetingRow
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.fields import Choice, Line, Words

api = Blueprint("running_meetings", __name__, description="Running a meeting: attendance, conflicts, its end.")


class OpeningSchema(Schema):
    """Who chairs and who takes the notes: two people of the panel."""

    chaired_by = fields.UUID(required=True)
    notes_by = fields.UUID(required=True)


class PresenceSchema(Schema):
    """Whether one person is there."""

    person_id = fields.UUID(required=True)
    presence = Choice("Whether this person is there", PRESENCE, required=True)
    substitute = Line("Who came in their place", longest=100)


class DeclarationSchema(Schema):
    """A member's conflict with an item."""

    person_id = fields.UUID(required=True)
    nature = Words("What the conflict is", longest=1000, required=True)


class EndSchema(Schema):
    """Why items were not heard; left out when every one was."""

    not_heard_because = Choice("Why not every family was heard", CARRIED_OVER_BECAUSE)
    minutes = Choice("When the minutes go out", MINUTES_GO_OUT, load_default="now")


class MeetingStateSchema(Schema):
    """Where a meeting stands."""

    meeting_id = fields.UUID()
    state = fields.String()
    chaired_by = fields.UUID(allow_none=True)
    notes_by = fields.UUID(allow_none=True)


@api.route("/meetings/<uuid:meeting_id>/open", methods=["POST"])
@api.arguments(OpeningSchema)
@api.response(200, MeetingStateSchema)
@needs("coordinator", "panel_member")
def open_meeting(body: Mapping[str, UUID], meeting_id: UUID) -> dict[str, Any]:
    """Open a meeting."""
    with database().begin() as session:
        meeting = actions.open_meeting(
            session,
            meeting_id,
            chaired_by=body["chaired_by"],
            notes_by=body["notes_by"],
            by=current_person().person_id,
            now=now(),
        )
        return state_of(meeting)


@api.route("/meetings/<uuid:meeting_id>/attendance", methods=["POST"])
@api.arguments(PresenceSchema(many=True))
@api.response(204)
@needs("coordinator", "panel_member")
def record_attendance(body: Sequence[Mapping[str, Any]], meeting_id: UUID) -> None:
    """Record who is at a meeting."""
    presences = {row["person_id"]: attendance_actions.Presence(row["presence"], row["substitute"]) for row in body}
    with database().begin() as session:
        attendance_actions.record_attendance(
            session, meeting_id, presences=presences, by=current_person().person_id, now=now()
        )


@api.route("/items/<uuid:item_id>/conflicts", methods=["POST"])
@api.arguments(DeclarationSchema)
@api.response(204)
@needs("coordinator", "panel_member")
def declare_conflict(body: Mapping[str, Any], item_id: UUID) -> None:
    """Declare a member's conflict with an item."""
    with database().begin() as session:
        actions.declare_conflict(session, item_id, **body, by=current_person().person_id, now=now())


@api.route("/meetings/<uuid:meeting_id>/end", methods=["POST"])
@api.arguments(EndSchema)
@api.response(200, MeetingStateSchema)
@needs("coordinator", "panel_member")
def end_meeting(body: Mapping[str, str], meeting_id: UUID) -> dict[str, Any]:
    """End a meeting: what was not heard is carried over, the minutes are issued."""
    with database().begin() as session:
        meeting = actions.end_meeting(
            session,
            meeting_id,
            not_heard_because=body["not_heard_because"],
            by=current_person().person_id,
            authority=resources().authority,
            now=now(),
            issues_minutes=body["minutes"] != "later",
        )
        return state_of(meeting)


def state_of(meeting: MeetingRow) -> dict[str, Any]:
    """Return where a meeting stands, as JSON has it."""
    return {
        "meeting_id": meeting.id,
        "state": meeting.state,
        "chaired_by": meeting.chaired_by,
        "notes_by": meeting.notes_by,
    }
