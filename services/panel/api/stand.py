"""JSON routes for a meeting while it sits: where it stands, moving on, notes, who is there."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.panel.actions import attendance as attendance_actions
from services.panel.actions import meeting as meeting_actions
from services.panel.actions import notes as note_actions
from services.panel.actions import stand as actions
from services.panel.api.meeting import MeetingStateSchema, OpeningSchema, state_of
from services.panel.both_doors.live_screen import Screen, screen_of
from services.panel.queries import meeting as reads
from services.panel.queries.stand import latest_note
from shared.audit import record
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.fields import Words

api = Blueprint("stand", __name__, description="A meeting while it sits: the item that is heard, notes, who is there.")


class StandItemSchema(Schema):
    """A family on the agenda: now, decided, later, to_hear or removed; `closed` says why the rest is not told."""

    item_id = fields.UUID()
    number = fields.Integer()
    reference = fields.String(allow_none=True)
    standing = fields.String()
    closed = fields.String()
    decision = fields.String()


class StandSchema(Schema):
    """Where a meeting stands, as far as it is open to who asks; `seconds` is how long its item has been heard."""

    meeting_id = fields.UUID()
    state = fields.String()
    version = fields.Integer()
    item_id = fields.UUID(allow_none=True)
    next_item_id = fields.UUID(allow_none=True)
    seconds = fields.Integer()
    slot_minutes = fields.Integer()
    chaired_by = fields.UUID(allow_none=True)
    notes_by = fields.UUID(allow_none=True)
    here = fields.Integer()
    quorum_missing = fields.List(fields.String())
    items = fields.List(fields.Nested(StandItemSchema))


class StepSchema(Schema):
    """The item to take up, and the one that was seen as heard; null before the first."""

    item_id = fields.UUID(required=True)
    seen = fields.UUID(load_default=None, allow_none=True)


class NoteSchema(Schema):
    """Notes on an item, and the version that their writer saw; 0 where there was none."""

    text = Words("The notes", required=True)
    seen = fields.Integer(required=True)


class NoteMadeSchema(Schema):
    """The last version of the notes on an item; version 0 where there are none."""

    text = fields.String()
    version = fields.Integer()
    written_by = fields.UUID(allow_none=True)
    written_at = fields.DateTime(allow_none=True)


@api.route("/meetings/<uuid:meeting_id>/stand")
@api.response(200, StandSchema)
@needs("coordinator", "panel_member")
def get_stand(meeting_id: UUID) -> dict[str, Any]:
    """Return where a meeting stands."""
    return _stand(meeting_id)


@api.route("/meetings/<uuid:meeting_id>/stand", methods=["POST"])
@api.arguments(StepSchema)
@api.response(200, StandSchema)
@needs("coordinator", "panel_member")
def take_up_item(body: Mapping[str, UUID], meeting_id: UUID) -> dict[str, Any]:
    """Take an item up; 409 when the meeting has moved on from the one that was seen."""
    with database().begin() as session:
        actions.go_to_item(session, body["item_id"], seen=body["seen"], by=current_person().person_id)
    return _stand(meeting_id)


@api.route("/items/<uuid:item_id>/later", methods=["POST"])
@api.response(204)
@needs("coordinator", "panel_member")
def leave_for_later(item_id: UUID) -> None:
    """Leave the item that is heard for later, and take up the next."""
    with database().begin() as session:
        actions.leave_for_later(session, item_id, by=current_person().person_id, now=now())


@api.route("/items/<uuid:item_id>/notes")
@api.response(200, NoteMadeSchema)
@needs("coordinator", "panel_member")
def get_note(item_id: UUID) -> dict[str, Any]:
    """Return the notes on an item to who runs its meeting; the audit keeps who read them."""
    by = current_person().person_id
    with database().begin() as session:
        item = reads.the_item(session, item_id)
        note_actions.check_may_write(session, item, reads.the_meeting(session, item.meeting_id), by)
        record(session, who=by, did="read_note", subject="agenda_item", subject_id=item_id)
        row = latest_note(session, item_id)
        return {name: getattr(row, name, None) for name in ("written_by", "written_at")} | {
            "text": row.text if row else "",
            "version": row.version if row else 0,
        }


@api.route("/items/<uuid:item_id>/notes", methods=["POST"])
@api.arguments(NoteSchema)
@api.response(201, NoteMadeSchema)
@needs("coordinator", "panel_member")
def write_note(body: Mapping[str, Any], item_id: UUID) -> Any:
    """Save the notes on an item; 409 when somebody else saved them since."""
    with database().begin() as session:
        return note_actions.write_note(session, item_id, **body, by=current_person().person_id, now=now())


@api.route("/meetings/<uuid:meeting_id>/hand-over", methods=["POST"])
@api.arguments(OpeningSchema)
@api.response(200, MeetingStateSchema)
@needs("coordinator", "panel_member")
def hand_over(body: Mapping[str, UUID], meeting_id: UUID) -> dict[str, Any]:
    """Let somebody else chair, or take the notes."""
    with database().begin() as session:
        by = current_person().person_id
        return state_of(meeting_actions.hand_over(session, meeting_id, **body, by=by, now=now()))


@api.route("/meetings/<uuid:meeting_id>/opening", methods=["DELETE"])
@api.response(200, MeetingStateSchema)
@needs("coordinator", "panel_member")
def take_back_opening(meeting_id: UUID) -> dict[str, Any]:
    """Take back that a meeting was opened by mistake; 409 once a family has been decided about."""
    with database().begin() as session:
        return state_of(meeting_actions.take_back_opening(session, meeting_id, by=current_person().person_id))


@api.route("/meetings/<uuid:meeting_id>/here", methods=["POST"])
@api.response(204)
@needs("coordinator", "panel_member")
def say_here(meeting_id: UUID) -> None:
    """Say that one is there, and keeps to the confidentiality statement."""
    version = resources().authority.confidentiality.version
    with database().begin() as session:
        attendance_actions.say_here(
            session, meeting_id, statement_version=version, by=current_person().person_id, now=now()
        )


@api.route("/meetings/<uuid:meeting_id>/read-out", methods=["POST"])
@api.response(204)
@needs("coordinator", "panel_member")
def say_read_out(meeting_id: UUID) -> None:
    """Record that the confidentiality statement was read out to whoever is there."""
    version = resources().authority.confidentiality.version
    with database().begin() as session:
        attendance_actions.say_read_out(
            session, meeting_id, statement_version=version, by=current_person().person_id, now=now()
        )


def _stand(meeting_id: UUID) -> dict[str, Any]:
    with database().begin() as session:
        person = current_person()
        meeting = reads.the_meeting(session, meeting_id)
        screen = screen_of(session, meeting, person, resources().authority, now())
        record(session, who=person.person_id, did="followed", subject="meeting", subject_id=meeting_id)
        return _as_json(screen)


def _as_json(screen: Screen) -> dict[str, Any]:
    meeting, stand = screen.meeting, screen.stand
    return {
        "meeting_id": meeting.id,
        "state": meeting.state,
        "version": stand.version,
        "item_id": stand.item_id,
        "next_item_id": screen.next.item.id if screen.next else None,
        "seconds": stand.seconds,
        "slot_minutes": meeting.panel.slot_minutes,
        "chaired_by": meeting.chaired_by,
        "notes_by": meeting.notes_by,
        "here": screen.here,
        "quorum_missing": screen.quorum_missing,
        "items": [
            {
                "item_id": one.item.id,
                "number": one.item.number,
                "reference": one.reference or None,
                "standing": one.standing,
                "closed": one.closed,
                "decision": one.outcome,
            }
            for one in screen.items
        ],
    }
