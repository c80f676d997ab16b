"""Agencies: the list, one agency with what it offers, adding and changing, opening and closing a service."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.directory.actions.agencies import (
    AgencyChangedMeanwhile,
    AgencyDetails,
    add_agency,
    change_agency,
    close_service,
    open_service,
)
from services.directory.pages import pages
from services.directory.pages.lists import search_text, shown_version
from services.directory.queries import agencies as queries
from services.directory.queries.people import managers_of
from services.directory.tables import AgencyRow
from shared.codes import code_set
from shared.errors import NotFound
from shared.web.access import current_person, needs
from shared.web.app import database
from shared.web.fields import Email, Line, Phone, Words, YesNo
from shared.web.forms import Form, PageForm, read_form, show_form
from shared.web.paging import page_asked_for, shown


class NewAgencyForm(PageForm):
    """What is said of a new agency."""

    name = Line("The name", longest=300, required=True)
    description = Words("The description", longest=2_000)
    email = Email("The e-mail address", longest=300)
    phone = Phone("The telephone number")
    url = Line("The web address", longest=300)


class AgencyForm(NewAgencyForm):
    """What is said of an agency, and whether it still works with families here."""

    is_active = YesNo("Does this agency still work with families here?", required=True)


@pages.get("/agencies")
@needs("administrator", "coordinator", "front_door")
def agencies() -> str:
    """List agencies, with a search."""
    with database().read() as session:
        found = shown(queries.agencies(session, text=search_text(), number=page_asked_for()))
    return render_template("directory/agencies/list.html", found=found, text=search_text())


@pages.get("/agencies/new")
@needs("administrator")
def new_agency() -> str:
    """Show an empty form."""
    return render_template("directory/agencies/form.html", form=show_form(NewAgencyForm()), row=None)


@pages.post("/agencies/new")
@needs("administrator")
def post_new_agency() -> ResponseReturnValue:
    """Add an agency."""
    form = read_form(NewAgencyForm(), request.form)
    if form.errors:
        return render_template("directory/agencies/form.html", form=form, row=None), 422
    with database().begin() as session:
        row = add_agency(session, AgencyDetails(**form.values), by=current_person().person_id)
    flash("The agency is in the directory.")
    return redirect(url_for("pages.agency", agency_id=row.id), 303)


@pages.get("/agencies/<uuid:agency_id>")
@needs("administrator", "coordinator", "front_door", "agency_manager")
def agency(agency_id: UUID) -> str:
    """Show an agency with its managers and what it offers; a manager sees only their own."""
    person = current_person()
    if not person.has("administrator", "coordinator", "front_door") and person.agency_id != agency_id:
        raise NotFound("There is no such agency.")
    with database().read() as session:
        row = queries.agency(session, agency_id)
        services, managers = queries.services_of(session, agency_id), managers_of(session, agency_id)
    may_open = person.has("administrator") or (person.has("agency_manager") and person.agency_id == agency_id)
    return render_template(
        "directory/agencies/agency.html",
        row=row,
        services=services,
        managers=managers,
        needs=code_set("need"),
        may_open=may_open,
        most=queries.MOST_ON_A_PAGE,
    )


@pages.get("/agencies/<uuid:agency_id>/change")
@needs("administrator")
def change_agency_page(agency_id: UUID) -> str:
    """Show an agency in a form."""
    with database().read() as session:
        row = queries.agency(session, agency_id)
    return _change_page(row, show_form(AgencyForm(), _values(row)))


@pages.post("/agencies/<uuid:agency_id>/change")
@needs("administrator")
def post_agency(agency_id: UUID) -> ResponseReturnValue:
    """Save an agency; somebody who saves over another's change is told first, and loses nothing."""
    with database().read() as session:
        row = queries.agency(session, agency_id)
    form = read_form(AgencyForm(), request.form)
    if form.errors:
        return _change_page(row, form), 422
    try:
        with database().begin() as session:
            change_agency(
                session,
                agency_id,
                AgencyDetails(**form.values),
                by=current_person().person_id,
                version=shown_version(0),
            )
    except AgencyChangedMeanwhile as refusal:
        form.add_error("form", str(refusal))
        return _change_page(row, form, was_changed=True), 409
    flash("Saved.")
    return redirect(url_for("pages.agency", agency_id=agency_id), 303)


@pages.post("/services/<uuid:service_id>/open")
@needs("administrator", "agency_manager")
def post_open_service(service_id: UUID) -> ResponseReturnValue:
    """Let a service take new families."""
    with database().begin() as session:
        row = open_service(session, service_id, by=current_person())
    flash(f"{row.name} is open to new families.")
    return redirect(url_for("pages.agency", agency_id=row.agency_id), 303)


@pages.post("/services/<uuid:service_id>/close")
@needs("administrator", "agency_manager")
def post_close_service(service_id: UUID) -> ResponseReturnValue:
    """Let a service take no new families."""
    with database().begin() as session:
        row = close_service(session, service_id, by=current_person())
    flash(f"{row.name} is closed to new families.")
    return redirect(url_for("pages.agency", agency_id=row.agency_id), 303)


def _values(row: AgencyRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in AgencyForm().fields}


def _change_page(row: AgencyRow, form: Form, *, was_changed: bool = False) -> str:
    version = row.version if was_changed else shown_version(row.version)
    return render_template("directory/agencies/form.html", row=row, form=form, was_changed=was_changed, version=version)
