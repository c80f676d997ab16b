"""JSON routes for letters from the chair: what is to be done, each letter, and that it was confirmed, sent or told."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError, fields
from sqlalchemy.orm import Session

from services.panel.actions import letters as actions
from services.panel.both_doors import letter_now as door
from services.panel.both_doors.letter_printed import printed_letter
from services.panel.queries import letters as reads
from services.panel.rules import letters as rules
from shared.audit import record
from shared.errors import Invalid
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.fields import Choice

api = Blueprint("letters", __name__, description="Letters from the chair to families.")


class AskedSchema(Schema):
    """Which letters: by state, a page at a time."""

    state = Choice("The state", rules.STATES, required=True)
    page = fields.Integer(load_default=1, validate=lambda number: number >= 1)


class LetterSchema(Schema):
    """A letter, how far it is, since when the family waits for it, and why it is held; never an address."""

    letter_id = fields.UUID()
    decision_id = fields.UUID()
    reference = fields.String()
    decided_at = fields.AwareDateTime()
    state = fields.String()
    held_because = fields.List(fields.String())
    version = fields.Integer()
    settled_on = fields.Date(allow_none=True)
    settled_how = fields.String(allow_none=True)


class LettersSchema(Schema):
    """One page of letters."""

    letters = fields.List(fields.Nested(LetterSchema))
    total = fields.Integer()


class WholeLetterSchema(LetterSchema):
    """A letter with its words and its address as it is now; `seen` is given back when it is confirmed."""

    text = fields.Dict()
    seen = fields.String()
    address_is_away = fields.Boolean()


@api.route("/letters", methods=["GET"])
@api.arguments(AskedSchema, location="query")
@api.response(200, LettersSchema)
@needs("coordinator", "panel_member")
def get_letters(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the letters in one state of the panels that the person leads."""
    person = current_person()
    with database().begin() as session:
        panel_ids = door.led_by(session, person)
        found = reads.letters_page(session, panel_ids, person.person_id, [asked["state"]], number=asked["page"])
        record(session, who=person.person_id, did="read_letters", subject="letters", subject_id=asked["state"])
        return {"letters": [_letter(line) for line in found.rows], "total": found.total}


@api.route("/letters/<uuid:letter_id>", methods=["GET"])
@api.response(200, WholeLetterSchema)
@needs("coordinator", "panel_member")
def get_letter(letter_id: UUID) -> dict[str, Any]:
    """Return a letter with its words, and its address as its owner gives it now."""
    at = door.letter_now(letter_id, current_person())
    with database().begin() as session:
        who = current_person().person_id
        record(session, who=who, did="read_letter", subject="request", subject_id=at.line.letter.request_id)
    return _letter(at.line) | {"text": at.text, "seen": at.seal, "address_is_away": at.is_away}


@api.route("/letters/<uuid:letter_id>/words", methods=["POST"])
@api.response(204)
@needs("coordinator", "panel_member")
def write_letter(letter_id: UUID) -> None:
    """Keep what was added to a letter, who gets a copy and who checks it."""
    body = _load(door.words_fields(door.letter_now(letter_id, current_person())))
    checker = body.pop("checker_id")
    with database().begin() as session:
        letter = _locked(session, letter_id)
        checker_id = UUID(checker) if checker else None
        actions.write_letter(session, letter, **body, checker_id=checker_id, by=current_person().person_id)


@api.route("/letters/<uuid:letter_id>/confirmation", methods=["POST"])
@api.response(204)
@needs("coordinator", "panel_member")
def confirm_letter(letter_id: UUID) -> None:
    """Confirm whom a letter is for, where it goes and who gets a copy."""
    at = door.letter_now(letter_id, current_person())
    body = _load(door.confirmation_fields())
    if rules.missing_confirmations(body["confirmed"]):
        raise Invalid("Confirm each of the three.", {"confirmed": ["Confirm each of the three"]})
    at.check_asked()
    with database().begin() as session:
        actions.confirm_letter(
            session,
            _locked(session, letter_id),
            at.home,
            is_held=at.is_held,
            seen=body["seen"],
            key=resources().settings.page_key,
            note=body["check_note"],
            version=body["version"],
            by=current_person().person_id,
            now=now(),
        )


@api.route("/letters/<uuid:letter_id>/letter.pdf", methods=["POST"])
@api.response(200, content_type="application/pdf")
@needs("coordinator", "panel_member")
def print_letter(letter_id: UUID) -> Response:
    """Give a confirmed letter as a PDF, if its address is still the one that was confirmed; 409 where it is not."""
    return printed_letter(letter_id, current_person())


@api.route("/letters/<uuid:letter_id>/sent", methods=["POST"])
@api.response(204)
@needs("coordinator", "panel_member")
def mark_as_sent(letter_id: UUID) -> None:
    """Keep that a printed letter went, how and when."""
    body = _load(door.sending_fields())
    with database().begin() as session:
        letter = _locked(session, letter_id)
        actions.mark_as_sent(session, letter, **body, by=current_person().person_id, now=now())


@api.route("/letters/<uuid:letter_id>/told", methods=["POST"])
@api.response(204)
@needs("coordinator", "panel_member")
def mark_as_told(letter_id: UUID) -> None:
    """Keep that a family was told in another way, how and when."""
    body = _load(door.telling_fields())
    with database().begin() as session:
        letter = _locked(session, letter_id)
        actions.mark_as_told(session, letter, **body, by=current_person().person_id, now=now())


def _locked(session: Session, letter_id: UUID) -> Any:
    person = current_person()
    return reads.letter_seen(session, letter_id, door.led_by(session, person), person.person_id, lock=True).letter


def _load(boxes: dict[str, fields.Field[Any]]) -> dict[str, Any]:
    try:
        return dict(Schema.from_dict(boxes)().load(request.get_json()))
    except ValidationError as error:
        raise Invalid("Some of what was sent is not right.", error.messages_dict) from None


def _letter(line: reads.LetterLine) -> dict[str, Any]:
    letter = line.letter
    names = ("decision_id", "reference", "state", "held_because", "version", "settled_on", "settled_how")
    return {"letter_id": letter.id, "decided_at": line.decision.decided_at} | {
        name: getattr(letter, name) for name in names
    }
