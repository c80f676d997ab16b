"""What several JSON routes give: a person, an agency; and how a list is asked for."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from services.directory.tables import AgencyRow, PersonRow
from shared.paging import PageOf
from shared.web.fields import Line


class PersonOut(Schema):
    """A person as other programs see one."""

    person_id = fields.UUID()
    name = fields.String()
    job_title = fields.String()
    email = fields.String()
    mobile = fields.String()
    agency_id = fields.UUID(allow_none=True)
    agency_name = fields.String()
    roles = fields.List(fields.String())
    locality = fields.String()
    is_active = fields.Boolean()


class AgencyOut(Schema):
    """An agency in a list."""

    agency_id = fields.UUID()
    name = fields.String()
    description = fields.String()
    email = fields.String()
    phone = fields.String()
    url = fields.String()
    is_active = fields.Boolean()


class ListQuery(Schema):
    """Which page of a list, how long a page, and which words to look for."""

    class Meta:
        """Ignore what the route does not know."""

        unknown = EXCLUDE

    page = fields.Integer(
        load_default=1, validate=validate.Range(min=1, max=100_000, error="Give a page from 1 to 100000")
    )
    per_page = fields.Integer(
        load_default=50, validate=validate.Range(min=1, max=100, error="Give a page length from 1 to 100")
    )
    query = Line("The words to look for")


class PageOut(Schema):
    """Where a page stands in its list."""

    page = fields.Integer()
    per_page = fields.Integer()
    total = fields.Integer()


def person_out(row: PersonRow) -> dict[str, Any]:
    """Return a person for PersonOut."""
    return {
        "person_id": row.id,
        "name": row.name,
        "job_title": row.job_title,
        "email": row.email,
        "mobile": row.mobile,
        "agency_id": row.agency_id,
        "agency_name": row.agency.name if row.agency else "",
        "roles": row.roles,
        "locality": row.locality,
        "is_active": row.is_active,
    }


def agency_out(row: AgencyRow) -> dict[str, Any]:
    """Return an agency for AgencyOut."""
    return {
        "agency_id": row.id,
        "name": row.name,
        "description": row.description,
        "email": row.email,
        "phone": row.phone,
        "url": row.url,
        "is_active": row.is_active,
    }


def page_out(page: PageOf[Any]) -> dict[str, Any]:
    """Return a page's place in its list for PageOut."""
    return {"page": page.number, "per_page": page.size, "total": page.total}
