"""JSON routes for the action log: what was agreed at meetings, and what became of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.panel.actions import action_log as actions
from services.panel.both_doors.action_lines import ShownAction, shown_actions
from services.panel.queries import action_log as reads
from services.panel.queries.calendar import panels_of
from services.panel.rules.action_log import MARKS
from services.panel.tables import ActionMarkRow
from shared.audit import record
from shared.web.access import current_person, needs, needs_neighbour
from shared.web.app import database, now, today
from shared.web.fields import Choice, Words

api = Blueprint("actions", __name__, description="The action log.")

_ROLES = ("coordinator", "panel_member", "agency_manager", "lead_practitioner", "social_worker")


class LogQuerySchema(Schema):
    """Which part of the log: how its actions stand, of which panel, of which agency, only the person's own; which page."""

    state = fields.String(
        load_default="open", validate=validate.OneOf(["open", "overdue", "done", "not_needed", "all"])
    )
    panel = fields.String(load_default="")
    agency_id = fields.UUID(load_default=None, allow_none=True)
    mine = fields.Boolean(load_default=False)
    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000))


class LoggedActionSchema(Schema):
    """An action; `what` is empty where it is closed to the reader, and `closed` says why."""

    action_id = fields.UUID()
    what = fields.String()
    closed = fields.String()
    reference = fields.String()
    meeting_id = fields.UUID()
    held_on = fields.Date()
    item_number = fields.Integer(allow_none=True)
    agency_id = fields.UUID()
    person_id = fields.UUID(allow_none=True)
    due_on = fields.Date()
    state = fields.String()
    is_overdue = fields.Boolean()
    stopped = fields.String()
    note = fields.String()
    mark_id = fields.UUID(allow_none=True)


class ActionLogSchema(Schema):
    """A page of the action log."""

    actions = fields.List(fields.Nested(LoggedActionSchema))
    page = fields.Integer()
    has_more = fields.Boolean()
    total = fields.Integer()


class MarkSchema(Schema):
    """One thing that was said of an action."""

    mark_id = fields.UUID()
    mark = fields.String()
    note = fields.String()
    marked_by = fields.UUID()
    marked_at = fields.AwareDateTime()


class ActionStorySchema(LoggedActionSchema):
    """An action with what was said of it, oldest first; nothing where it is closed to the reader."""

    marks = fields.List(fields.Nested(MarkSchema))


class ToDoSchema(Schema):
    """How many actions are open, and how many of those are overdue."""

    open = fields.Integer()
    overdue = fields.Integer()


class NewMarkSchema(Schema):
    """What became of an action; `supersedes` is the mark that counted when its writer looked, null where there was none."""

    mark = Choice("What became of it", MARKS, required=True)
    note = Words("The note", longest=1000)
    supersedes = fields.UUID(load_default=None, allow_none=True)


@api.route("/actions", methods=["GET"])
@api.arguments(LogQuerySchema, location="query")
@api.response(200, ActionLogSchema)
@needs(*_ROLES)
def list_actions(query: Mapping[str, Any]) -> dict[str, Any]:
    """List the actions that the person may see: of panels they lead or prepare, of their agency, and their own."""
    person = current_person()
    with database().begin() as session:
        keys = {panel.key: panel.id for panel in panels_of(session, person.person_id)}
        state = "" if query["state"] == "all" else query["state"]
        asked = reads.Shown(state, keys.get(query["panel"]), query["agency_id"], query["mine"])
        found = reads.log_page(session, person, asked, today=today(), number=query["page"])
        lines = shown_actions(session, found.rows, person, today=today())
        record(session, who=person.person_id, did="read_action_log", subject="action_log", subject_id="page")
    return {"actions": lines, "page": found.number, "has_more": found.has_more, "total": found.total}


@api.route("/actions/<uuid:action_id>", methods=["GET"])
@api.response(200, ActionStorySchema)
@needs(*_ROLES)
def get_action(action_id: UUID) -> dict[str, Any]:
    """Return an action with what was said of it; the audit keeps who read it."""
    person = current_person()
    with database().begin() as session:
        line = reads.the_line(session, action_id, person)
        [one] = shown_actions(session, [line], person, today=today())
        marks = [] if one.closed else reads.marks_of(session, action_id)
        record(session, who=person.person_id, did="read_action", subject="request", subject_id=line.item.request_id)
        return _story(one, marks)


@api.route("/people/<uuid:person_id>/actions", methods=["GET"])
@api.response(200, ToDoSchema)
@needs_neighbour("directory")
def count_actions(person_id: UUID) -> dict[str, int]:
    """Return how much a person, or the agency that they manage, has to do: for their start page."""
    with database().read() as session:
        return reads.to_do(session, person_id, today=today())


@api.route("/actions/<uuid:action_id>/marks", methods=["POST"])
@api.arguments(NewMarkSchema)
@api.response(201, MarkSchema)
@needs(*_ROLES)
def mark_action(body: Mapping[str, Any], action_id: UUID) -> dict[str, Any]:
    """Say that an action is done, not needed any more, or open again."""
    with database().begin() as session:
        return _mark(actions.mark_action(session, action_id, **body, by=current_person(), now=now()))


def _story(one: ShownAction, marks: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in LoggedActionSchema().fields} | {"marks": [_mark(row) for row in marks]}


def _mark(row: ActionMarkRow) -> dict[str, Any]:
    return {
        "mark_id": row.id,
        "mark": row.mark,
        "note": row.note,
        "marked_by": row.marked_by,
        "marked_at": row.marked_at,
    }
