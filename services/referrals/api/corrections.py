"""Correcting what is on record of a family, for programs that act as somebody of the front door."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields, post_load

from services.referrals.actions.correct import Correction, correct_record
from services.referrals.document.people import AddressSchema, AdultSchema, ChildSchema, Refs
from services.referrals.queries.requests import whole_request
from services.referrals.rules.correcting import GROUPS
from shared.errors import Invalid
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.fields import Words

api = Blueprint("corrections", __name__, description="Corrections of what is on record")


class CorrectionSchema(Schema):
    """One child, adult or address as it should be, whole, by its ref; `residents` are the refs of who lives there.

    An address with a ref that the record does not have is a new one.
    """

    child = fields.Nested(ChildSchema)
    adult = fields.Nested(AdultSchema)
    address = fields.Nested(AddressSchema)
    residents = Refs()
    reason = Words("Who says so, and why it was wrong", required=True, longest=2000)
    version = fields.Integer(strict=True, load_default=None, allow_none=True)

    @post_load
    def _one_part(self, values: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        given = [name for name in ("child", "adult", "address") if name in values]
        if len(given) != 1:
            words = "Give one of child, adult and address"
            raise Invalid(words, {"_schema": words})
        return {**values, "group": _GROUP_OF[given[0]], "part": values[given[0]]}


class Corrected(Schema):
    """Whether anything changed, whether everything stopped for want of consent, and the version of the request now."""

    is_changed = fields.Boolean()
    has_stopped = fields.Boolean()
    version = fields.Integer()


_GROUP_OF = dict(zip(("child", "adult", "address"), GROUPS, strict=True))


@api.route("/requests/<uuid:request_id>/corrections", methods=["POST"])
@api.arguments(CorrectionSchema)
@api.response(200, Corrected)
@needs("front_door")
def post_correction(body: dict[str, Any], request_id: UUID) -> dict[str, Any]:
    """Put a part of the record right; what was there is kept beside it; 409 when somebody else changed the request."""
    correction = Correction(body["group"], body["part"], body["reason"], tuple(body["residents"]))
    with database().begin() as session:
        done = correct_record(
            session,
            request_id,
            correction,
            by=current_person(),
            authority=resources().authority,
            now=now(),
            seen_version=body["version"],
        )
        version = whole_request(session, request_id).version
    return {"is_changed": done.is_changed, "has_stopped": done.has_stopped, "version": version}
