"""JSON routes for decisions: recording one about an item, or one that corrects it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import request
from flask_smorest import Blueprint
from marshmallow import EXCLUDE, Schema, ValidationError, fields
from sqlalchemy.orm import Session

from services.panel.actions import decisions as actions
from services.panel.actions import urgent
from services.panel.both_doors.decision_fields import (
    Options,
    always,
    child_decision,
    details_of,
    levels_of,
    new_decision,
    of_child,
    urgent_fields,
    urgent_of,
)
from services.panel.queries import meeting as reads
from services.panel.queries.allocations import offer_of_decision
from services.panel.queries.arrangements import standing_of
from services.panel.rules.decisions import OUTCOMES
from services.panel.rules.meeting import CHAIRS
from services.panel.rules.new_decision import NewAction, NewDecision
from services.panel.tables import DecisionRow, QueueEntryRow
from shared.errors import Invalid
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.fields import Choice, Day, Line, Words

api = Blueprint("decisions", __name__, description="What a panel decides about families.")


class ActionSchema(Schema):
    """An action that follows from a decision; `person_id` names somebody of the agency, where one is to do it."""

    what = Line("What is to be done", longest=500, required=True)
    agency_id = fields.UUID(required=True)
    person_id = fields.UUID(load_default=None, allow_none=True)
    due_on = Day("The date", future=True, required=True)


class ChildSchema(Schema):
    """What differs for one child; its other keys are `outcome`, `service_id`, `level` (a number as text) and `note`."""

    class Meta:
        """Let the child's own fields through; they are checked with the item's choices."""

        unknown = EXCLUDE

    child_ref = Line("The child", required=True)


class DecisionSchema(Schema):
    """A decision: its outcome, the fields that this outcome asks for, reasons, dissent, actions, and what differs for children."""

    class Meta:
        """Let the outcome's own fields through; they are checked once the outcome is known."""

        unknown = EXCLUDE

    outcome = Choice("What the panel decides", {code: item.label for code, item in OUTCOMES.items()}, required=True)
    actions = fields.List(fields.Nested(ActionSchema), load_default=list)
    children = fields.List(fields.Nested(ChildSchema), load_default=list)


class RatificationSchema(Schema):
    """The urgent decision that is ratified, and what the panel says of it."""

    decision_id = fields.UUID(required=True)
    note = Words("What the panel says of it", longest=2000)


class DecisionMadeSchema(Schema):
    """A recorded decision, and the allocation that followed from it, if one did."""

    decision_id = fields.UUID()
    item_id = fields.UUID()
    outcome = fields.String()
    supersedes = fields.UUID(allow_none=True)
    allocation_id = fields.UUID(allow_none=True)
    answer_due_on = fields.Date(allow_none=True)


@api.route("/items/<uuid:item_id>/decision", methods=["POST"])
@api.arguments(DecisionSchema)
@api.response(201, DecisionMadeSchema)
@needs("coordinator", "panel_member")
def record_decision(body: Mapping[str, Any], item_id: UUID) -> dict[str, Any]:
    """Record a decision about an item, or with `supersedes` one that corrects it."""
    by, authority = current_person().person_id, resources().authority
    with database().begin() as session:
        options = _options(session, reads.the_item(session, item_id).queue_entry)
        decision = _decision(body, _checked(body["outcome"], options), options)
        row = actions.record_decision(session, item_id, decision, by=by, authority=authority, now=now())
        return _made(session, row)


@api.route("/requests/<uuid:request_id>/urgent-decision", methods=["POST"])
@api.arguments(DecisionSchema)
@api.response(201, DecisionMadeSchema)
@needs("coordinator", "panel_member")
def decide_urgently(body: Mapping[str, Any], request_id: UUID) -> dict[str, Any]:
    """Record what the chair decides between meetings, with `urgent_because` and `consulted`; it takes effect at once."""
    by, authority = current_person().person_id, resources().authority
    with database().begin() as session:
        options = _options(session, standing_of(session, request_id).entry)
        values = _checked(body["outcome"], options, urgent_fields())
        decision = _decision(body, values, options)
        row = urgent.decide_urgently(
            session, request_id, decision, urgent_of(values), by=by, authority=authority, now=now()
        )
        return _made(session, row)


@api.route("/items/<uuid:item_id>/ratification", methods=["POST"])
@api.arguments(RatificationSchema)
@api.response(204)
@needs("coordinator", "panel_member")
def ratify(body: Mapping[str, Any], item_id: UUID) -> None:
    """Record that the meeting ratifies an urgent decision."""
    with database().begin() as session:
        urgent.ratify(session, item_id, **body, by=current_person().person_id, now=now())


def _checked(outcome: str, options: Options, more: Mapping[str, fields.Field[Any]] | None = None) -> dict[str, Any]:
    """Return the values of the outcome's own fields and of those that every decision has; raises Invalid."""
    apart = ("outcome", "actions", "children")
    document = {name: value for name, value in request.get_json().items() if name not in apart}
    return _load({**(more or {}), **details_of(outcome, options), **always(options)}, document)


def _decision(body: Mapping[str, Any], values: Mapping[str, Any], options: Options) -> NewDecision:
    return new_decision(
        body["outcome"],
        values,
        options,
        actions=tuple(NewAction(**action) for action in body["actions"]),
        children=tuple(_children(request.get_json().get("children", []), options)),
    )


def _children(documents: Sequence[Mapping[str, Any]], options: Options) -> list[Any]:
    said = []
    for number, document in enumerate(documents):
        own = {name: value for name, value in document.items() if name != "child_ref"}
        try:
            values = _load(of_child(options), own)
        except Invalid as refusal:
            raise Invalid(str(refusal), {"children": {number: refusal.errors}}) from None
        said.append(child_decision(str(document["child_ref"]), values))
    return said


def _load(boxes: dict[str, fields.Field[Any]], document: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return dict(Schema.from_dict(boxes)().load(document))
    except ValidationError as error:
        raise Invalid("Some of what was sent is not right.", error.messages_dict) from None


def _options(session: Session, entry: QueueEntryRow) -> Options:
    """Return what the directory and the panel know; the action looks at closed and excluded ones, and says why."""
    seats = reads.seats_of(session, entry.panel_id)
    return Options(
        services={str(key): "" for key in reads.known_service_ids(session)},
        chairs={str(seat.person_id): "" for seat in seats if seat.seat in CHAIRS},
        members={str(seat.person_id): "" for seat in seats},
        levels=levels_of(resources().authority, entry.level_scheme, entry.level_version),
    )


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
