"""Finding a service: a public page."""

from uuid import UUID

from flask import render_template, request

from services.directory.pages import pages
from services.directory.pages.lists import search_text
from services.directory.queries import agencies as queries
from shared.codes import code_set
from shared.web.access import open_to_everyone
from shared.web.app import database
from shared.web.paging import page_asked_for, shown


@pages.get("/services")
@open_to_everyone("a public directory of services")
def services() -> str:
    """List services, by words and by need."""
    needs = code_set("need")
    need = request.args.get("need", "") if request.args.get("need") in needs else ""
    with database().read() as session:
        found = shown(queries.services(session, text=search_text(), need=need, number=page_asked_for()))
    return render_template("directory/services/list.html", found=found, text=search_text(), need=need, needs=needs)


@pages.get("/services/<uuid:service_id>")
@open_to_everyone("a public directory of services")
def service(service_id: UUID) -> str:
    """Show what a service offers, for whom, and how to reach it."""
    with database().read() as session:
        row = queries.public_service(session, service_id)
    return render_template("directory/services/service.html", row=row, needs=code_set("need"))
