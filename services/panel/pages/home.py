"""The way in: each role's first page."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from services.panel.pages import pages
from shared.web.access import current_person, needs


@pages.get("/")
@needs("coordinator", "panel_member", "administrator", "agency_manager", "lead_practitioner")
def home() -> ResponseReturnValue:
    """Send the person to the page that they come for."""
    person = current_person()
    if person.has("coordinator", "panel_member", "administrator"):
        return redirect(url_for("pages.meetings"))
    if person.has("agency_manager"):
        return redirect(url_for("pages.allocations"))
    return redirect(url_for("pages.plans"))
