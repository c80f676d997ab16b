"""JSON routes for meetings and their agendas."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.panel.access import Seated, panels_seen_by, seated_at
from services.panel.both_doors.agenda_lines import AgendaLine, agenda_lines
from services.panel.both_doors.calendar_file import calendar_file
from services.panel.queries import agenda as agenda_queries
from services.panel.queries import calendar as queries
from services.panel.tables import MeetingRow
from shared.audit import record
from shared.web.access import current_person, needs
from shared.web.app import database, resources, today

_LAST_FROM = date(2200, 1, 1)
_USUALLY = timedelta(weeks=26)

_OF_THE_FAMILY = ("kind", "urgency", "children", "level", "received_on", "waited_days", "why", "times_carried")

api = Blueprint("meetings", __name__, description="Meetings, their agendas and papers.")


class MeetingsQuerySchema(Schema):
    """Which dates, London; today and the next half year when nothing is said."""

    from_on = fields.Date(data_key="from")
    until_on = fields.Date(data_key="to")


class MeetingSchema(Schema):
    """A meeting with how its agenda stands; instants in UTC.

    `planned_on` is the date of the recurrence that it stands for, null for an extra meeting; `sequence` grows with
    every change and is sent along to change it.
    """

    meeting_id = fields.UUID()
    panel = fields.String()
    panel_name = fields.String()
    held_on = fields.Date()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    agenda_closes_at = fields.AwareDateTime()
    agenda_closed_at = fields.AwareDateTime(allow_none=True)
    planned_on = fields.Date(allow_none=True)
    place = fields.String()
    video_link = fields.String()
    places = fields.Integer()
    families = fields.Integer()
    sequence = fields.Integer()
    state = fields.String()
    chaired_by = fields.UUID(allow_none=True)
    notes_by = fields.UUID(allow_none=True)


class MeetingsSchema(Schema):
    """The meetings in order, at most 200."""

    meetings = fields.List(fields.Nested(MeetingSchema))


class AgendaLevelSchema(Schema):
    """A level of need with its scheme and its label."""

    scheme = fields.String()
    version = fields.String()
    number = fields.Integer()
    label = fields.String()


class AgendaItemSchema(Schema):
    """A family on an agenda; `number` is set once the agenda has closed.

    `supplement` is with what its paper went out: 0 for the agenda itself, None until then. `reason` is why it came late
    or was taken off by hand. Where its paper is closed to the reader, what is said of the family is null or empty;
    where they have no part in it (conflict, excluded), so is whose request it is.
    """

    item_id = fields.UUID()
    request_id = fields.UUID(allow_none=True)
    reference = fields.String(allow_none=True)
    number = fields.Integer(allow_none=True)
    kind = fields.String(allow_none=True)
    urgency = fields.String(allow_none=True)
    children = fields.Integer(allow_none=True)
    ages = fields.List(fields.String())
    needs = fields.List(fields.String())
    level = fields.Nested(AgendaLevelSchema, allow_none=True)
    received_on = fields.Date(allow_none=True)
    waited_days = fields.Integer(allow_none=True)
    why = fields.String(allow_none=True)
    times_carried = fields.Integer(allow_none=True)
    state = fields.String()
    paper = fields.String()
    supplement = fields.Integer(allow_none=True)
    is_late = fields.Boolean()
    reason = fields.String()


class AgendaSchema(MeetingSchema):
    """A meeting with its agenda; `items` is empty for whoever may not see the families yet."""

    items = fields.List(fields.Nested(AgendaItemSchema))


@api.route("/meetings", methods=["GET"])
@api.arguments(MeetingsQuerySchema, location="query")
@api.response(200, MeetingsSchema)
@needs("coordinator", "panel_member", "administrator")
def list_meetings(query: Mapping[str, Any]) -> dict[str, Any]:
    """List the meetings of the person's panels between two London dates, both included."""
    from_on = query.get("from_on", today())
    until_on = query["until_on"] if "until_on" in query else max(min(from_on, _LAST_FROM), today()) + _USUALLY
    with database().read() as session:
        panel_ids = [panel.id for panel in panels_seen_by(session, current_person())]
        found = queries.meetings_between(session, panel_ids, from_on, until_on)
        families = agenda_queries.families_at(session, [meeting.id for meeting in found])
        return {"meetings": [meeting_as_json(meeting, families.get(meeting.id, 0)) for meeting in found]}


@api.route("/meetings/<uuid:meeting_id>", methods=["GET"])
@api.response(200, MeetingSchema)
@needs("coordinator", "panel_member", "administrator")
def get_meeting(meeting_id: UUID) -> dict[str, Any]:
    """Return one meeting."""
    with database().read() as session:
        meeting = seated_at(session, meeting_id, current_person()).meeting
        return meeting_as_json(meeting, agenda_queries.families_at(session, [meeting_id]).get(meeting_id, 0))


@api.route("/meetings/<uuid:meeting_id>/agenda", methods=["GET"])
@api.response(200, AgendaSchema)
@needs("coordinator", "panel_member", "administrator")
def get_agenda(meeting_id: UUID) -> dict[str, Any]:
    """Return a meeting's agenda: provisional until it closes, then numbered; the audit keeps who read it."""
    person = current_person()
    with database().begin() as session:
        seated = seated_at(session, meeting_id, person)
        families = agenda_queries.families_at(session, [meeting_id]).get(meeting_id, 0)
        lines: list[AgendaLine] = []
        if seated.sees_families:
            record(session, who=person.person_id, did="read_agenda", subject="meeting", subject_id=meeting_id)
            lines = agenda_lines(
                session, seated, person_id=person.person_id, today=today(), authority=resources().authority
            )
        return meeting_as_json(seated.meeting, families) | {"items": [_item(line) for line in lines]}


@api.route("/meetings/<uuid:meeting_id>/invitation.ics", methods=["GET"])
@api.response(200, content_type="text/calendar")
@needs("coordinator", "panel_member", "administrator")
def get_invitation(meeting_id: UUID) -> Response:
    """Return a meeting as an entry for a calendar."""
    with database().read() as session:
        seated: Seated = seated_at(session, meeting_id, current_person())
        return calendar_file(seated.meeting)


def meeting_as_json(meeting: MeetingRow, families: int) -> dict[str, Any]:
    """Return a meeting as MeetingSchema writes it."""
    return {
        "meeting_id": meeting.id,
        "panel": meeting.panel.key,
        "panel_name": meeting.panel.name,
        "held_on": meeting.held_on,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "agenda_closes_at": meeting.agenda_closes_at,
        "agenda_closed_at": meeting.agenda_closed_at,
        "planned_on": meeting.planned_on,
        "place": meeting.place,
        "video_link": meeting.video_link,
        "places": meeting.places,
        "families": families,
        "sequence": meeting.sequence,
        "state": meeting.state,
        "chaired_by": meeting.chaired_by,
        "notes_by": meeting.notes_by,
    }


def _item(line: AgendaLine) -> dict[str, Any]:
    return {
        "item_id": line.item.id,
        "request_id": line.item.request_id if line.reference else None,
        "reference": line.reference or None,
        "number": line.item.number,
        **(dict.fromkeys(_OF_THE_FAMILY) if line.is_closed else _of_the_family(line)),
        "ages": line.ages,
        "needs": line.needs,
        "state": line.item.state,
        "paper": line.paper,
        "supplement": line.item.supplement,
        "is_late": line.is_late,
        "reason": line.reason,
    }


def _of_the_family(line: AgendaLine) -> dict[str, Any]:
    entry = line.item.queue_entry
    return {
        "kind": entry.kind,
        "urgency": entry.urgency,
        "children": entry.children,
        "level": {
            "scheme": entry.level_scheme,
            "version": entry.level_version,
            "number": entry.level_number,
            "label": line.level.partition(": ")[2],
        },
        "received_on": entry.received_on,
        "waited_days": line.waited_days,
        "why": entry.why,
        "times_carried": entry.times_carried,
    }
