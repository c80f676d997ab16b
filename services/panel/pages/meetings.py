"""Meetings and panels: what comes, what was, who sits where and by which rules."""

from typing import cast
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.panel.access import panel_run_by, panel_seen_by, panels_led_by, panels_seen_by
from services.panel.actions import seats as actions
from services.panel.actions.calendar import cut_off_of
from services.panel.pages import pages
from services.panel.queries import agenda as agenda_queries
from services.panel.queries import calendar as queries
from services.panel.queries import people as people_queries
from services.panel.queue_lines import places_of
from services.panel.rules.agenda import SEATS
from services.panel.tables import PanelRow
from shared.authority import ON_BANK_HOLIDAY
from shared.authority.panel_words import cut_off_in_words
from shared.errors import Invalid
from shared.london import time_in_words
from shared.web.access import current_person, needs
from shared.web.app import database, now
from shared.web.fields import Choice
from shared.web.forms import Form, PageForm, read_form, show_form

MOST_SHOWN = 20


@pages.get("/meetings")
@needs("coordinator", "panel_member", "administrator")
def meetings() -> ResponseReturnValue:
    """List the coming and the past meetings of the person's panels."""
    with database().read() as session:
        panels = panels_seen_by(session, current_person())
        panel_ids = [panel.id for panel in panels]
        coming = queries.coming_meetings(session, panel_ids, now(), limit=MOST_SHOWN)
        past = queries.past_meetings(session, panel_ids, now(), limit=MOST_SHOWN)
        families = agenda_queries.families_at(session, [meeting.id for meeting in (*coming, *past)])
        places = places_of(session, panels_led_by(session, current_person()), now())
    return render_template(
        "panel/meetings/list.html",
        panels=panels,
        coming=coming,
        past=past,
        families=families,
        places=places,
        most=MOST_SHOWN,
    )


@pages.get("/panels/<key>")
@needs("coordinator", "panel_member", "administrator")
def panel(key: str) -> ResponseReturnValue:
    """Show a panel: its seats, its rules in words and its next dates."""
    with database().read() as session:
        return _show_panel(session, panel_seen_by(session, key, current_person()), show_form(_seat_form(session)))


@pages.post("/panels/<key>/seats")
@needs("coordinator", "administrator")
def add_seat(key: str) -> ResponseReturnValue:
    """Add a seat, or name the person for one that waits."""
    person = current_person()
    with database().begin() as session:
        seen = panel_run_by(session, key, person)
        form = read_form(_seat_form(session), request.form)
        if not form.errors:
            _try_adding(session, seen, form)
        if form.errors:
            return _show_panel(session, seen, form), 422
    flash("The seat is kept")
    return redirect(url_for("pages.panel", key=key))


@pages.post("/panels/<key>/seats/<uuid:seat_id>/freeing")
@needs("coordinator", "administrator")
def free_seat(key: str, seat_id: UUID) -> ResponseReturnValue:
    """Take a person out of a seat."""
    person = current_person()
    with database().begin() as session:
        actions.free_seat(session, panel_run_by(session, key, person), seat_id, by=person.person_id)
    flash("The seat is free")
    return redirect(url_for("pages.panel", key=key))


def _seat_form(session: Session) -> PageForm:
    """Return the form with the agencies and people whom the directory has announced."""
    agencies, people = _choices(session)
    schema = {
        "seat": Choice("The seat", SEATS, required=True),
        "agency_id": Choice("The agency", agencies),
        "person_id": Choice("The person", people),
    }
    return cast(PageForm, PageForm.from_dict(schema)())  # type: ignore[arg-type]


def _choices(session: Session) -> tuple[dict[str, str], dict[str, str]]:
    agencies = {str(agency.agency_id): agency.name for agency in people_queries.agencies(session)}
    people = {str(one.person_id): one.name for one in people_queries.people_of(session)}
    return agencies, people


def _try_adding(session: Session, seen: PanelRow, form: Form) -> None:
    values = form.values
    person_id = UUID(values["person_id"]) if values["person_id"] else None
    agency_id = UUID(values["agency_id"]) if values["agency_id"] else None
    new = actions.NewSeat(values["seat"], agency_id, person_id)
    try:
        actions.fill_seats(session, seen, [new], by=current_person().person_id, now=now())
    except Invalid as refusal:
        form.add_refusal(Invalid(str(refusal), refusal.errors["0"]))


def _show_panel(session: Session, seen: PanelRow, form: Form) -> str:
    person = current_person()
    seats = queries.seats_of(session, seen.id)
    agencies, people = _choices(session)
    may_fill = person.has("administrator") or any(
        line.seat.person_id == person.person_id and line.seat.seat == "coordinator" for line in seats
    )
    return render_template(
        "panel/meetings/panel.html",
        panel=seen,
        seats=seats,
        seat_words=SEATS,
        starts=time_in_words(seen.starts),
        cut_off=cut_off_in_words(cut_off_of(seen)),
        on_bank_holiday=ON_BANK_HOLIDAY[seen.on_bank_holiday],
        dates=queries.coming_meetings(session, [seen.id], now(), limit=6),
        may_fill=may_fill,
        agencies=agencies,
        people=people,
        form=form,
    )
