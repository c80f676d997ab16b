"""The form of a seat: its rank, agency, role and person."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.actions.seats import NewSeat
from services.panel.queries import people as people_queries
from services.panel.rules.agenda import SEATS
from shared.web.fields import Choice, Line
from shared.web.forms import Form, PageForm


def seat_form(session: Session) -> PageForm:
    """Return the form with the agencies and people whom the directory has announced."""
    agencies, people = seat_choices(session)
    schema = {
        "seat": Choice("The seat", SEATS, required=True),
        "agency_id": Choice("The agency", agencies),
        "role": Line("The role", longest=100),
        "person_id": Choice("The person", people),
    }
    return cast(PageForm, PageForm.from_dict(cast(Any, schema))())


def seat_choices(session: Session) -> tuple[dict[str, str], dict[str, str]]:
    """Return the agencies and the people that a seat can have, by id."""
    agencies = {str(agency.agency_id): agency.name for agency in people_queries.agencies(session)}
    people = {str(one.person_id): one.name for one in people_queries.people_of(session)}
    return agencies, people


def seat_asked_for(form: Form) -> NewSeat:
    """Return the seat that a form without errors asks for."""
    values = form.values
    person_id = UUID(values["person_id"]) if values["person_id"] else None
    agency_id = UUID(values["agency_id"]) if values["agency_id"] else None
    return NewSeat(values["seat"], agency_id, person_id, values["role"])
