"""JSON routes for minutes: read them, propose and answer corrections, approve them at a later meeting, add to them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from services.panel.access import panels_seen_by
from services.panel.actions import minutes as actions
from services.panel.actions import minutes_approval, minutes_corrections
from services.panel.queries import meeting as reads
from services.panel.queries import minutes_kept as kept
from services.panel.rules.meeting import RUNS, check_may_see
from services.panel.rules.minutes import ANSWERS, LONGEST_CORRECTION
from services.panel.tables import MeetingRow, ProposedCorrectionRow
from shared.audit import record
from shared.errors import NotFound
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.fields import Choice, Words

api = Blueprint("minutes", __name__, description="Minutes of meetings.")


class MinutesLineSchema(Schema):
    """How the minutes of a meeting stand: NOT_ISSUED, DRAFT or APPROVED."""

    meeting_id = fields.UUID()
    held_on = fields.Date()
    panel = fields.String()
    state = fields.String()
    due_on = fields.Date()
    is_overdue = fields.Boolean()
    waiting = fields.Integer()
    approved_at_meeting_id = fields.UUID(allow_none=True)


class AllMinutesSchema(Schema):
    """How the minutes of the last hundred meetings stand."""

    minutes = fields.List(fields.Nested(MinutesLineSchema))


class MinutesSchema(Schema):
    """Minutes as the reader may see them; `content` is what the page and the PDF say, without what is closed to them."""

    meeting_id = fields.UUID()
    state = fields.String()
    version = fields.Integer(allow_none=True)
    content = fields.Dict()


class NewProposalSchema(Schema):
    """What a member says is wrong in a draft; without an item it is about the minutes as a whole."""

    item_id = fields.UUID(load_default=None, allow_none=True)
    text = Words("What is wrong, and what it should say", longest=LONGEST_CORRECTION, required=True)


class ProposalSchema(Schema):
    """A proposed correction and its answer, null until there is one."""

    proposal_id = fields.UUID()
    item_id = fields.UUID(allow_none=True)
    text = fields.String()
    answer = fields.String(allow_none=True)
    correction = fields.String()
    reason = fields.String()


class AnswerSchema(Schema):
    """The answer: what the minutes then say, or why not."""

    answer = Choice("The answer", ANSWERS, required=True)
    correction = Words("What the minutes are to say", longest=LONGEST_CORRECTION)
    reason = Words("Why not", longest=LONGEST_CORRECTION)


class ApprovalSchema(Schema):
    """At which meeting the minutes are approved."""

    at_meeting_id = fields.UUID(required=True)


class AddendumSchema(Schema):
    """What is added to approved minutes, and at which item; without one it is about the minutes as a whole."""

    item_id = fields.UUID(load_default=None, allow_none=True)
    words = Words("What is added", longest=LONGEST_CORRECTION, required=True)


@api.route("/minutes", methods=["GET"])
@api.response(200, AllMinutesSchema)
@needs("coordinator", "panel_member")
def list_minutes() -> dict[str, Any]:
    """List how the minutes of past meetings stand, those that are late first."""
    with database().read() as session:
        panels = panels_seen_by(session, current_person())
        lines = kept.lines_of(session, [panel.id for panel in panels], today=today())
    return {"minutes": [_line(line) for line in lines]}


@api.route("/meetings/<uuid:meeting_id>/minutes", methods=["GET"])
@api.response(200, MinutesSchema)
@needs("coordinator", "panel_member")
def get_minutes(meeting_id: UUID) -> dict[str, Any]:
    """Return the newest minutes; the audit keeps who read them."""
    person = current_person()
    with database().begin() as session:
        meeting = _meeting_with_minutes(session, meeting_id)
        content = actions.minutes_for(session, meeting, person, authority=resources().authority)
        record(session, who=person.person_id, did="read_minutes", subject="meeting", subject_id=meeting_id)
        state = kept.state_at(session, meeting_id)
    return {"meeting_id": meeting_id, "state": state.name, "version": content.get("version"), "content": content}


@api.route("/meetings/<uuid:meeting_id>/minutes", methods=["POST"])
@api.response(204)
@needs("coordinator", "panel_member")
def issue_minutes(meeting_id: UUID) -> None:
    """Issue minutes that were kept back at the meeting's end."""
    with database().begin() as session:
        by, authority = current_person().person_id, resources().authority
        actions.issue_later(session, meeting_id, by=by, authority=authority, now=now())


@api.route("/meetings/<uuid:meeting_id>/minutes/corrections", methods=["POST"])
@api.arguments(NewProposalSchema)
@api.response(201, ProposalSchema)
@needs("coordinator", "panel_member")
def propose_correction(body: Mapping[str, Any], meeting_id: UUID) -> dict[str, Any]:
    """Say what is wrong in a draft."""
    with database().begin() as session:
        by = current_person().person_id
        return _proposal(minutes_corrections.propose_correction(session, meeting_id, **body, by=by, now=now()))


@api.route("/minutes-corrections/<uuid:proposal_id>", methods=["POST"])
@api.arguments(AnswerSchema)
@api.response(200, ProposalSchema)
@needs("coordinator", "panel_member")
def answer_correction(body: Mapping[str, Any], proposal_id: UUID) -> dict[str, Any]:
    """Accept a proposed correction, or say why not."""
    with database().begin() as session:
        row = minutes_corrections.answer_correction(
            session,
            proposal_id,
            **body,
            by=current_person().person_id,
            authority=resources().authority,
            now=now(),
        )
        return _proposal(row)


@api.route("/meetings/<uuid:meeting_id>/minutes/approval", methods=["POST"])
@api.arguments(ApprovalSchema)
@api.response(204)
@needs("coordinator", "panel_member")
def approve_minutes(body: Mapping[str, Any], meeting_id: UUID) -> None:
    """Record that a later meeting, which is in session, approved the minutes."""
    with database().begin() as session:
        minutes_approval.approve_minutes(
            session,
            meeting_id,
            **body,
            by=current_person().person_id,
            authority=resources().authority,
            now=now(),
        )


@api.route("/meetings/<uuid:meeting_id>/minutes/addenda", methods=["POST"])
@api.arguments(AddendumSchema)
@api.response(204)
@needs("coordinator", "panel_member")
def add_to_minutes(body: Mapping[str, Any], meeting_id: UUID) -> None:
    """Add to minutes that were approved."""
    with database().begin() as session:
        by = current_person().person_id
        minutes_approval.add_to_minutes(session, meeting_id, **body, by=by, now=now())


def _meeting_with_minutes(session: Session, meeting_id: UUID) -> MeetingRow:
    meeting = reads.the_meeting(session, meeting_id)
    parts = reads.parts_of(session, meeting, current_person().person_id)
    check_may_see(parts)
    is_issued = kept.newest(session, meeting_id) is not None
    if meeting.state != "ended" or not (is_issued or RUNS.intersection(parts)):
        raise NotFound("These minutes have not been issued yet.")
    return meeting


def _line(line: kept.MinutesLine) -> dict[str, Any]:
    return {
        "meeting_id": line.meeting.id,
        "held_on": line.meeting.held_on,
        "panel": line.panel.key,
        "state": line.state.name,
        "due_on": line.due_on,
        "is_overdue": line.is_overdue,
        "waiting": line.waiting,
        "approved_at_meeting_id": line.approved_at.id if line.approved_at else None,
    }


def _proposal(row: ProposedCorrectionRow) -> dict[str, Any]:
    return {
        "proposal_id": row.id,
        "item_id": row.agenda_item_id,
        "text": row.text,
        "answer": row.answer,
        "correction": row.correction,
        "reason": row.reason,
    }
