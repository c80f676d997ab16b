"""People: the list, one person, adding, changing, a first password."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema
from marshmallow.fields import Field

from services.directory.actions.people import (
    ChangedMeanwhile,
    EmailTaken,
    add_person,
    change_person,
    give_first_password,
)
from services.directory.pages import pages
from services.directory.pages.lists import search_text, shown_version
from services.directory.queries import people as queries
from services.directory.queries.agencies import agency_choices
from services.directory.rules.people import ROLE_NAMES, PersonDetails
from services.directory.tables import PersonRow
from shared.errors import Conflict, Invalid
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.fields import Choice, Choices, Email, Line, Phone, YesNo
from shared.web.forms import Form, PageForm, read_form, show_form
from shared.web.paging import page_asked_for, shown


@pages.get("/people")
@needs("administrator")
def people() -> str:
    """List people, with a search."""
    role = request.args.get("role", "") if request.args.get("role") in ROLE_NAMES else ""
    with database().read() as session:
        found = shown(queries.people(session, text=search_text(), role=role, number=page_asked_for()))
    return render_template(
        "directory/people/list.html", found=found, text=search_text(), role=role, role_names=ROLE_NAMES
    )


@pages.get("/people/new")
@needs("administrator")
def new_person() -> str:
    """Show an empty form."""
    return _new_page(show_form(_person_form()))


@pages.post("/people/new")
@needs("administrator")
def post_new_person() -> ResponseReturnValue:
    """Add a person and show them their page, where a first password is made."""
    form = read_form(_person_form(), request.form)
    if form.errors:
        return _new_page(form), 422
    try:
        with database().begin() as session:
            person = add_person(
                session,
                _details(form.values, is_active=True),
                by=current_person().person_id,
                localities=_localities(),
                now=now(),
            )
    except (Invalid, EmailTaken) as refusal:
        status = _show_refusal(form, refusal)
        return _new_page(form), status
    flash("The person is in the directory. Now make a first password for them.")
    return redirect(url_for("pages.person", person_id=person.id), 303)


@pages.get("/people/<uuid:person_id>")
@needs("administrator")
def person(person_id: UUID) -> str:
    """Show a person in a form."""
    with database().read() as session:
        row = queries.person(session, person_id)
    return _person_page(row, show_form(_person_form(row), _values(row)))


@pages.post("/people/<uuid:person_id>")
@needs("administrator")
def post_person(person_id: UUID) -> ResponseReturnValue:
    """Save a person; somebody who saves over another's change is told first, and loses nothing."""
    with database().read() as session:
        row = queries.person(session, person_id)
    form = read_form(_person_form(row), request.form)
    if form.errors:
        return _person_page(row, form), 422
    try:
        with database().begin() as session:
            change_person(
                session,
                person_id,
                _details(form.values, is_active=form.values["is_active"]),
                by=current_person().person_id,
                localities=_localities(),
                version=shown_version(0),
            )
    except (Invalid, Conflict) as refusal:
        status = _show_refusal(form, refusal)
        return _person_page(row, form, was_changed=isinstance(refusal, ChangedMeanwhile)), status
    flash("Saved.")
    return redirect(url_for("pages.person", person_id=person_id), 303)


@pages.post("/people/<uuid:person_id>/first-password")
@needs("administrator")
def post_first_password(person_id: UUID) -> ResponseReturnValue:
    """Make a first password and show it, this once: a redirect would have to keep it somewhere."""
    with database().begin() as session:
        password = give_first_password(session, person_id, by=current_person().person_id)
        row = queries.person(session, person_id)
    return render_template("directory/people/first_password.html", row=row, password=password)


def _person_form(row: PersonRow | None = None) -> Schema:
    """Return the form, with the agencies to choose from; a person's own is among them even when it is closed."""
    with database().read() as session:
        agencies = agency_choices(session, and_also=row.agency_id if row else None)
    boxes: dict[str, Field[Any]] = {
        "name": Line("The name", required=True),
        "job_title": Line("The job title"),
        "email": Email("The e-mail address", longest=300, required=True),
        "mobile": Phone("The mobile number"),
        "agency_id": Choice("The agency", agencies),
        "roles": Choices("At least one role", ROLE_NAMES, fewest=1),
        "locality": Choice("The locality", _localities()),
    }
    if row is not None:
        boxes["is_active"] = YesNo("Can this person sign in?", required=True)
    return PageForm.from_dict(boxes)()


def _details(values: dict[str, Any], *, is_active: bool) -> PersonDetails:
    return PersonDetails(
        name=values["name"],
        job_title=values["job_title"],
        email=values["email"],
        mobile=values["mobile"],
        agency_id=UUID(values["agency_id"]) if values["agency_id"] else None,
        roles=tuple(values["roles"]),
        locality=values["locality"],
        is_active=is_active,
    )


def _values(row: PersonRow) -> dict[str, Any]:
    names = ("name", "job_title", "email", "mobile", "roles", "locality", "is_active")
    return {name: getattr(row, name) for name in names} | {"agency_id": str(row.agency_id or "")}


def _localities() -> dict[str, str]:
    return {locality.key: locality.name for locality in resources().authority.localities}


def _show_refusal(form: Form, refusal: Invalid | Conflict) -> int:
    if isinstance(refusal, EmailTaken):
        form.add_error("email", str(refusal))
        return 409
    return form.add_refusal(refusal)


def _new_page(form: Form) -> str:
    return render_template("directory/people/new.html", form=form, role_names=ROLE_NAMES)


def _person_page(row: PersonRow, form: Form, *, was_changed: bool = False) -> str:
    return render_template(
        "directory/people/person.html",
        row=row,
        form=form,
        role_names=ROLE_NAMES,
        was_changed=was_changed,
        version=row.version if was_changed else shown_version(row.version),
    )
