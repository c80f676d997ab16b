"""People, for programs: neighbours ask for one, an administrator adds them, those who allocate look them up."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.directory.actions.people import add_person
from services.directory.api.schemas import ListQuery, PageOut, PersonOut, page_out, person_out
from services.directory.fields import Password
from services.directory.queries import people as queries
from services.directory.rules.people import PersonDetails
from shared.identity import ROLES
from shared.web.access import current_person, needs, needs_neighbour
from shared.web.app import database, now, resources
from shared.web.fields import Choice, Choices, Email, Line, Phone

api = Blueprint("people", __name__, description="People who sign in")


class NewPerson(Schema):
    """A person to add. `key` is the sender's own name for them; nothing here keeps it."""

    key = Line("The key")
    name = Line("The name", required=True)
    job_title = Line("The job title")
    email = Email("The e-mail address", longest=300, required=True)
    mobile = Phone("The mobile number")
    organization = fields.UUID(load_default=None, allow_none=True)
    roles = Choices("Roles", ROLES, fewest=1)
    locality = Line("The locality")
    password = Password("a password", required=False)


class NewPersonOut(Schema):
    """The id of a person who was added."""

    person_id = fields.UUID()


class PeopleQuery(ListQuery):
    """Which people to list."""

    role = Choice("A role", ROLES)
    agency_id = fields.UUID(load_default=None)
    email = Line("The e-mail address", longest=300)


class PeopleOut(PageOut):
    """A page of people."""

    people = fields.List(fields.Nested(PersonOut))


@api.get("/people/<uuid:person_id>")
@api.response(200, PersonOut)
@needs_neighbour("panel", "notifications", "referrals")
def get_person(person_id: UUID) -> dict[str, Any]:
    """Give a person to a neighbouring service; 404 when there is none."""
    with database().read() as session:
        return person_out(queries.person(session, person_id))


@api.get("/people")
@api.arguments(PeopleQuery, location="query")
@api.response(200, PeopleOut)
@needs("administrator", "coordinator", "agency_manager")
def list_people(asked: dict[str, Any]) -> dict[str, Any]:
    """List people by name; an agency's manager sees only that agency's."""
    asker = current_person()
    is_manager_only = not asker.has("administrator", "coordinator")
    with database().read() as session:
        page = queries.people(
            session,
            text=asked["query"],
            email=asked["email"],
            role=asked["role"],
            agency_id=asked["agency_id"],
            only_agency=(asker.agency_id or UUID(int=0)) if is_manager_only else None,
            number=asked["page"],
            size=asked["per_page"],
        )
        return {"people": [person_out(row) for row in page.rows]} | page_out(page)


@api.post("/people")
@api.arguments(NewPerson)
@api.response(201, NewPersonOut)
@needs("administrator")
def post_person(body: dict[str, Any]) -> dict[str, Any]:
    """Add a person; 409 when somebody has the e-mail address already. Without a password they cannot sign in yet."""
    details = PersonDetails(
        name=body["name"],
        job_title=body["job_title"],
        email=body["email"],
        mobile=body["mobile"],
        agency_id=body["organization"],
        roles=tuple(body["roles"]),
        locality=body["locality"],
    )
    localities = {locality.key for locality in resources().authority.localities}
    with database().begin() as session:
        person = add_person(
            session,
            details,
            by=current_person().person_id,
            localities=localities,
            now=now(),
            password=body["password"],
            agency_field="organization",
        )
    return {"person_id": person.id}
