"""A meeting's places: the chair or the coordinator lets it take more families."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields
from sqlalchemy.orm import Session

from services.panel.actions import arrangements as actions
from services.panel.pages import pages
from services.panel.pages.arrangements import LONGEST_REASON
from services.panel.pages.meeting import meeting_of_panel_led
from services.panel.pages.trying import DONE, try_form
from services.panel.queries.queue import families_later, taken_places
from shared.web.access import current_person, needs
from shared.web.app import database, now
from shared.web.fields import Words
from shared.web.forms import Form, PageForm, read_form, show_form


class PlacesForm(PageForm):
    """How many more families a meeting takes, and why; `seen` are the places that were on the screen."""

    more = fields.Integer(
        required=True,
        error_messages={"required": "Enter how many more families", "invalid": "Enter a whole number, like 2"},
    )
    reason = Words("The reason", required=True, longest=LONGEST_REASON)
    seen = fields.Integer(required=True)


@pages.get("/meetings/<uuid:meeting_id>/places")
@needs("coordinator", "panel_member")
def places(meeting_id: UUID) -> str:
    """Show the form on which a meeting is given more places."""
    with database().read() as session:
        return _show(session, meeting_id, show_form(PlacesForm()))


@pages.post("/meetings/<uuid:meeting_id>/places")
@needs("coordinator", "panel_member")
def give_more_places(meeting_id: UUID) -> ResponseReturnValue:
    """Give a meeting more places; those who wait take them at once."""
    form = read_form(PlacesForm(), request.form)
    status = try_form(
        form,
        lambda session: actions.give_more_places(
            session, meeting_id, **form.values, by=current_person().person_id, now=now()
        ),
    )
    if status == DONE:
        flash("The meeting has more places, and the most urgent who waited have taken them")
        return redirect(url_for("pages.agenda", meeting_id=meeting_id))
    with database().read() as session:
        return _show(session, meeting_id, form), status


def _show(session: Session, meeting_id: UUID, form: Form) -> str:
    meeting = meeting_of_panel_led(session, meeting_id)
    return render_template(
        "panel/agenda/places.html",
        meeting=meeting,
        taken=taken_places(session, meeting_id),
        later=families_later(session, meeting),
        form=form,
    )
