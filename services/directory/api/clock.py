"""The training clock, for programs that rehearse."""

from datetime import datetime
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.directory.actions.clock import move_clock_by_hours, move_clock_to
from services.directory.queries.clock import clock_goes_to
from shared.identity import ROLES
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources

api = Blueprint("clock", __name__, description="The training clock")

_MOST_HOURS = 366 * 24


class Move(Schema):
    """Where to: an instant with its time zone, or so many hours further than the clock is going already."""

    moves_to = fields.AwareDateTime(format="iso", error_messages={"invalid": "Give an instant, as 2026-11-02T09:00Z"})
    by_hours = fields.Integer(
        strict=True, validate=validate.Range(min=1, max=_MOST_HOURS, error=f"Give 1 to {_MOST_HOURS} hours")
    )

    @validates_schema
    def _one_of_both(self, values: dict[str, Any], **_: Any) -> None:
        if len(values) != 1:
            raise ValidationError("Give either moves_to or by_hours")


class ClockOut(Schema):
    """Where the clock stands and where it is going (UTC)."""

    now = fields.AwareDateTime(format="iso")
    moves_to = fields.AwareDateTime(format="iso")
    is_training = fields.Boolean()


@api.get("/clock")
@api.response(200, ClockOut)
@needs(*ROLES)
def get_clock() -> dict[str, Any]:
    """Say where the clock stands."""
    with database().read() as session:
        return _clock(clock_goes_to(session, now()))


@api.post("/clock")
@api.arguments(Move)
@api.response(200, ClockOut)
@needs(*ROLES)
def post_clock(body: dict[str, Any]) -> dict[str, Any]:
    """Move the training clock on; 409 on a system that runs by the real time."""
    by, is_training = current_person().person_id, resources().clock.is_training
    with database().begin() as session:
        if "by_hours" in body:
            moves_to = move_clock_by_hours(session, body["by_hours"], by=by, now=now(), is_training=is_training)
        else:
            moves_to = move_clock_to(session, body["moves_to"], by=by, now=now(), is_training=is_training)
    return _clock(moves_to)


def _clock(moves_to: datetime) -> dict[str, Any]:
    is_training = resources().clock.is_training
    return {"now": now(), "moves_to": moves_to if is_training else now(), "is_training": is_training}
