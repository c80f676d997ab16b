"""Agencies, for programs."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.directory.api.schemas import (
    AgencyOut,
    ListQuery,
    PageOut,
    PersonOut,
    agency_out,
    page_out,
    person_out,
)
from services.directory.queries import agencies as queries
from services.directory.queries.people import managers_of
from shared.identity import ROLES
from shared.web.access import needs, needs_neighbour
from shared.web.app import database

api = Blueprint("agencies", __name__, description="Agencies that work with families")


class AgencyWithManagers(Schema):
    """An agency with whom to tell about a family allocated to it."""

    agency_id = fields.UUID()
    name = fields.String()
    email = fields.String()
    phone = fields.String()
    managers = fields.List(fields.Nested(PersonOut))


class AgenciesOut(PageOut):
    """A page of agencies."""

    agencies = fields.List(fields.Nested(AgencyOut))


@api.get("/agencies/<uuid:agency_id>")
@api.response(200, AgencyWithManagers)
@needs_neighbour("panel", "notifications", "referrals")
def get_agency(agency_id: UUID) -> dict[str, Any]:
    """Give an agency and its managers to a neighbouring service; 404 when there is none."""
    with database().read() as session:
        agency = queries.agency(session, agency_id)
        managers = [person_out(row) for row in managers_of(session, agency_id)]
        return agency_out(agency) | {"managers": managers}


@api.get("/agencies")
@api.arguments(ListQuery, location="query")
@api.response(200, AgenciesOut)
@needs(*ROLES)
def list_agencies(asked: dict[str, Any]) -> dict[str, Any]:
    """List agencies by name."""
    with database().read() as session:
        page = queries.agencies(session, text=asked["query"], number=asked["page"], size=asked["per_page"])
        return {"agencies": [agency_out(row) for row in page.rows]} | page_out(page)
