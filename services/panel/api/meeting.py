"""JSON routes for running a meeting: open, attendance, conflicts, decisions, end."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import request
from flask_smorest import Blueprint
from marshmallow import EXCLUDE, Schema, ValidationError, fields
from sqlalchemy.orm import Session

from services.panel.actions import attendance as attendance_actions
from services.panel.actions import decisions as decision_actions
from services.panel.actions import meeting as actions
from services.panel.decision_fields import Options, always, details_of, new_decision
from services.panel.queries import meeting as reads
from services.panel.queries.allocations import offer_of_decision
from services.panel.rules.decisions import CARRIED_OVER_BECAUSE, OUTCOMES
from services.panel.rules.meeting import CHAIRS, PRESENCE
from services.panel.tables import DecisionRow, MeetingRow
from shared.errors import Invalid
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.fields import Choice, Day, Line, Words

api = Blueprint("running_meetings", __name__, description="Running a meeting: attendance, decisions, its end.")


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


class ActionSchema(Schema):
    """An action that follows from a decision."""

    what = Line("What is to be done", longest=500, required=True)
    agency_id = fields.UUID(required=True)
    due_on = Day("The date", future=True, required=True)


class DecisionSchema(Schema):
    """A decision: its outcome, the fields that this outcome asks for, reasons, dissent and actions."""

    class Meta:
        """Let the outcome's own fields through; they are checked once the outcome is known."""

        unknown = EXCLUDE

    outcome = Choice("What the panel decides", {code: item.label for code, item in OUTCOMES.items()}, required=True)
    actions = fields.List(fields.Nested(ActionSchema), load_default=list)


class MeetingStateSchema(Schema):
    """Where a meeting stands."""

    meeting_id = fields.UUID()
    state = fields.String()
    chaired_by = fields.UUID(allow_none=True)
    notes_by = fields.UUID(allow_none=True)


class DecisionMadeSchema(Schema):
    """A recorded decision, and the allocation that followed from it, if one did."""

    decision_id = fields.UUID()
    item_id = fields.UUID()
    outcome = fields.String()
    supersedes = fields.UUID(allow_none=True)
    allocation_id = fields.UUID(allow_none=True)
    answer_due_on = fields.Date(allow_none=True)


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
        return _state(meeting)


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


@api.route("/items/<uuid:item_id>/decision", methods=["POST"])
@api.arguments(DecisionSchema)
@api.response(201, DecisionMadeSchema)
@needs("coordinator", "panel_member")
def record_decision(body: Mapping[str, Any], item_id: UUID) -> dict[str, Any]:
    """Record a decision about an item, or with `supersedes` one that corrects it."""
    outcome = body["outcome"]
    todo = tuple(decision_actions.NewAction(**action) for action in body["actions"])
    authority = resources().authority
    terms = decision_actions.Terms(authority.limits.allocation_answer_working_days, authority.name)
    with database().begin() as session:
        options = _options(session, item_id)
        decision = new_decision(outcome, _checked(outcome, options), todo, options)
        row = decision_actions.record_decision(
            session, item_id, decision, by=current_person().person_id, terms=terms, now=now()
        )
        return _made(session, row)


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
            authority_name=resources().authority.name,
            now=now(),
        )
        return _state(meeting)


def _checked(outcome: str, options: Options) -> dict[str, Any]:
    """Return the values of the outcome's own fields and of those that every decision has; raises Invalid."""
    document = {name: value for name, value in request.get_json().items() if name not in ("outcome", "actions")}
    schema = Schema.from_dict({**details_of(outcome, options), **always(options)})()
    try:
        return dict(schema.load(document))
    except ValidationError as error:
        raise Invalid("Some of what was sent is not right.", error.messages_dict) from None


def _options(session: Session, item_id: UUID) -> Options:
    """Return what the directory and the panel know; the action looks at closed and excluded ones, and says why."""
    item = reads.the_item(session, item_id)
    seats = reads.seats_of(session, reads.the_meeting(session, item.meeting_id).panel_id)
    return Options(
        services={str(key): "" for key in reads.known_service_ids(session)},
        chairs={str(seat.person_id): "" for seat in seats if seat.seat in CHAIRS},
    )


def _state(meeting: MeetingRow) -> dict[str, Any]:
    return {
        "meeting_id": meeting.id,
        "state": meeting.state,
        "chaired_by": meeting.chaired_by,
        "notes_by": meeting.notes_by,
    }


def _made(session: Session, row: DecisionRow) -> dict[str, Any]:
    offer = offer_of_decision(session, row.id)
    return {
        "decision_id": row.id,
        "item_id": row.agenda_item_id,
        "outcome": row.outcome,
        "supersedes": row.supersedes_id,
        "allocation_id": offer.id if offer else None,
        "answer_due_on": offer.answer_due_on if offer else None,
    }
