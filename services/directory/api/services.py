"""The services that agencies offer, as an Open Referral UK (HSDS 3) feed: taken in, and given to everybody."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import EXCLUDE, Schema, fields, validate

from services.directory.actions.feed import CHANGED, NEW, SAME, import_feed
from services.directory.api.schemas import ListQuery
from services.directory.queries import agencies as queries
from services.directory.rules.feed import as_hsds
from services.directory.tables import ServiceRow
from shared.codes import code_set
from shared.paging import PageOf
from shared.web.access import current_person, needs, open_to_everyone
from shared.web.app import database
from shared.web.fields import Choice
from shared.web.problems import pointers

api = Blueprint("services", __name__, description="Services for families: Open Referral UK")

_LARGEST_PAGE = 1000


class FeedPage(Schema):
    """A page of an Open Referral UK feed; what it says of its place in the feed is not needed."""

    class Meta:
        """Ignore what the page says of itself."""

        unknown = EXCLUDE

    contents = fields.List(
        fields.Raw(),
        required=True,
        validate=validate.Length(max=_LARGEST_PAGE, error=f"Send at most {_LARGEST_PAGE} services at once"),
        error_messages={"required": "Give the services of the page", "invalid": "Give a list of services"},
    )


class Counts(Schema):
    """How many were new, changed, and the same as before."""

    new = fields.Integer()
    changed = fields.Integer()
    same = fields.Integer()


class Problem(Schema):
    """What could not be taken, where it stands in what was sent, and why."""

    pointer = fields.String()
    detail = fields.String()


class TakenOut(Schema):
    """What an import did."""

    agencies = fields.Nested(Counts)
    services = fields.Nested(Counts)
    problems = fields.List(fields.Nested(Problem))


class ServicesQuery(ListQuery):
    """Which services to list."""

    need = Choice("A need", code_set("need"))
    organization_id = fields.UUID(load_default=None)


class HsdsPage(Schema):
    """A page of services as Open Referral UK has it."""

    total_items = fields.Integer()
    total_pages = fields.Integer()
    page_number = fields.Integer()
    size = fields.Integer()
    first = fields.Boolean()
    last = fields.Boolean()
    empty = fields.Boolean()
    contents = fields.List(fields.Dict())


@api.post("/services/import")
@api.arguments(FeedPage)
@api.response(200, TakenOut)
@needs("administrator")
def import_services(body: dict[str, Any]) -> dict[str, Any]:
    """Take a page of a feed; services that cannot be taken are left out and named in `problems`."""
    with database().begin() as session:
        taken = import_feed(session, body["contents"], known_needs=code_set("need"), by=current_person().person_id)
    return {
        "agencies": {outcome: taken.agencies[outcome] for outcome in (NEW, CHANGED, SAME)},
        "services": {outcome: taken.services[outcome] for outcome in (NEW, CHANGED, SAME)},
        "problems": list(pointers({"contents": taken.problems})),
    }


@api.get("/services")
@api.arguments(ServicesQuery, location="query")
@api.response(200, HsdsPage)
@open_to_everyone("a public directory of services, Open Referral UK")
def list_services(asked: dict[str, Any]) -> dict[str, Any]:
    """List services by name."""
    with database().read() as session:
        page = queries.services(
            session,
            text=asked["query"],
            need=asked["need"],
            agency_id=asked["organization_id"],
            number=asked["page"],
            size=asked["per_page"],
        )
        return _hsds_page(page)


@api.get("/services/<uuid:service_id>")
@api.response(200)
@open_to_everyone("a public directory of services, Open Referral UK")
def get_service(service_id: UUID) -> dict[str, Any]:
    """Give a service as Open Referral UK has it; 404 when there is none."""
    with database().read() as session:
        row = queries.public_service(session, service_id)
        return as_hsds(row.source, is_open=row.is_open)


def _hsds_page(page: PageOf[ServiceRow]) -> dict[str, Any]:
    return {
        "total_items": page.total,
        "total_pages": page.pages,
        "page_number": page.number,
        "size": len(page.rows),
        "first": page.number == 1,
        "last": page.number >= page.pages,
        "empty": not page.rows,
        "contents": [as_hsds(row.source, is_open=row.is_open) for row in page.rows],
    }
