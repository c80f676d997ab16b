"""What a neighbour asks before it shows somebody whose request it is about."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.panel.queries.no_part import references_told_to
from shared.web.access import needs_neighbour
from shared.web.app import database

api = Blueprint("telling", __name__, description="Who may be told of which request.")


class ReferencesAskedSchema(Schema):
    """The references that are about to be shown."""

    reference = fields.List(fields.String(), required=True, validate=validate.Length(1, 100))


class ReferencesToldSchema(Schema):
    """Those of them that the person may be told."""

    references = fields.List(fields.String())


@api.route("/people/<uuid:person_id>/references", methods=["GET"])
@api.arguments(ReferencesAskedSchema, location="query")
@api.response(200, ReferencesToldSchema)
@needs_neighbour("notifications")
def told_references(query: Mapping[str, Any], person_id: UUID) -> dict[str, list[str]]:
    """Return which of these requests a person may be told of: of panels that they lead, where they have a part in the family."""
    with database().read() as session:
        return {"references": sorted(references_told_to(session, query["reference"], person_id))}
