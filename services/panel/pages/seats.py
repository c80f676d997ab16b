"""Seats at a panel: added, changed, freed and taken away by its coordinator or an administrator."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.panel.access import panel_run_by
from services.panel.actions import seats as actions
from services.panel.pages import pages
from services.panel.pages.asking import id_or_none
from services.panel.pages.meetings import show_panel
from services.panel.pages.seat_forms import seat_asked_for, seat_choices, seat_form
from services.panel.rules.agenda import SEATS
from services.panel.tables import PanelRow, SeatRow
from shared.errors import Conflict, Invalid, NotFound
from shared.web.access import current_person, needs
from shared.web.app import database, now
from shared.web.forms import Form, read_form, show_form


@pages.post("/panels/<key>/seats")
@needs("coordinator", "administrator")
def add_seat(key: str) -> ResponseReturnValue:
    """Add a seat, or name the person for one that waits."""
    person = current_person()
    with database().begin() as session:
        seen = panel_run_by(session, key, person)
        form = read_form(seat_form(session), request.form)
        if not form.errors:
            try:
                actions.fill_seats(session, seen, [seat_asked_for(form)], by=person.person_id, now=now())
            except Invalid as refusal:
                form.add_refusal(Invalid(str(refusal), refusal.errors["0"]))
        if form.errors:
            return show_panel(session, seen, form), 422
    flash("The seat is added")
    return redirect(url_for("pages.panel", key=key))


@pages.get("/panels/<key>/seats/<uuid:seat_id>")
@needs("coordinator", "administrator")
def seat(key: str, seat_id: UUID) -> ResponseReturnValue:
    """Show a seat to change it."""
    with database().read() as session:
        seen = panel_run_by(session, key, current_person())
        row = _seat(session, seen, seat_id)
        values = {"seat": row.seat, "role": row.role, "agency_id": str(row.agency_id), "person_id": str(row.person_id)}
        return _show(session, seen, row, show_form(seat_form(session), values))


@pages.post("/panels/<key>/seats/<uuid:seat_id>")
@needs("coordinator", "administrator")
def change_seat(key: str, seat_id: UUID) -> ResponseReturnValue:
    """Keep a seat as it was changed."""
    person = current_person()
    with database().begin() as session:
        seen = panel_run_by(session, key, person)
        form, status = read_form(seat_form(session), request.form), 422
        if not form.errors:
            try:
                had_it = id_or_none(request.form.get("seen", ""))
                wanted = seat_asked_for(form)
                actions.change_seat(session, seen, seat_id, wanted, seen=had_it, by=person.person_id, now=now())
            except (Invalid, Conflict) as refusal:
                status = form.add_refusal(refusal)
        if form.errors:
            return _show(session, seen, _seat(session, seen, seat_id), form), status
    flash("The seat is changed")
    return redirect(url_for("pages.panel", key=key))


@pages.post("/panels/<key>/seats/<uuid:seat_id>/freeing")
@needs("coordinator", "administrator")
def free_seat(key: str, seat_id: UUID) -> ResponseReturnValue:
    """Take a person out of a seat."""
    person = current_person()
    with database().begin() as session:
        panel, seen = panel_run_by(session, key, person), id_or_none(request.form.get("seen", ""))
        actions.free_seat(session, panel, seat_id, seen=seen, by=person.person_id, now=now())
    flash("The seat is free")
    return redirect(url_for("pages.panel", key=key))


@pages.post("/panels/<key>/seats/<uuid:seat_id>/removal")
@needs("coordinator", "administrator")
def remove_seat(key: str, seat_id: UUID) -> ResponseReturnValue:
    """Take an empty seat away."""
    person = current_person()
    with database().begin() as session:
        actions.remove_seat(session, panel_run_by(session, key, person), seat_id, by=person.person_id)
    flash("The seat is gone")
    return redirect(url_for("pages.panel", key=key))


def _seat(session: Session, panel: PanelRow, seat_id: UUID) -> SeatRow:
    row = session.get(SeatRow, seat_id)
    if row is None or row.panel_id != panel.id:
        raise NotFound("There is no such seat.")
    return row


def _show(session: Session, panel: PanelRow, row: SeatRow, form: Form) -> str:
    agencies, people = seat_choices(session)
    return render_template(
        "panel/meetings/seat.html",
        panel=panel,
        seat=row,
        form=form,
        seat_words=SEATS,
        agencies=agencies,
        people=people,
    )
