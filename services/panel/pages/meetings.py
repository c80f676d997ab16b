"""Meetings and panels: what comes, what was, who sits where and by which rules."""

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.panel.access import panel_seen_by, panels_led_by, panels_seen_by
from services.panel.actions.calendar import cut_off_of, recurrence_of
from services.panel.both_doors.queue_lines import places_of
from services.panel.pages import pages
from services.panel.pages.seat_forms import seat_choices, seat_form
from services.panel.queries import agenda as agenda_queries
from services.panel.queries import calendar as queries
from services.panel.queries.no_leader import without_leader
from services.panel.rules.agenda import SEATS
from services.panel.tables import PanelRow
from shared.authority import ON_BANK_HOLIDAY
from shared.authority.panel_words import closures_in_words, cut_off_in_words, recurrence_in_words
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.forms import Form, show_form

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
        led = panels_led_by(session, current_person())
        places = places_of(session, led, now())
        unled = without_leader(session, panels if current_person().has("administrator") else led)
    return render_template(
        "panel/meetings/list.html",
        panels=panels,
        coming=coming,
        past=past,
        families=families,
        places=places,
        unled=unled,
        leads=bool(led),
        most=MOST_SHOWN,
    )


@pages.get("/panels/<key>")
@needs("coordinator", "panel_member", "administrator")
def panel(key: str) -> ResponseReturnValue:
    """Show a panel: its seats, its rules in words and its next dates."""
    with database().read() as session:
        return show_panel(session, panel_seen_by(session, key, current_person()), show_form(seat_form(session)))


def show_panel(session: Session, seen: PanelRow, form: Form) -> str:
    """Return a panel's page, with the form for another seat as it was filled in."""
    person, authority = current_person(), resources().authority
    seats = queries.seats_of(session, seen.id)
    agencies, people = seat_choices(session)
    may_fill = person.has("administrator") or any(
        line.seat.person_id == person.person_id and line.seat.seat == "coordinator" for line in seats
    )
    own = next((profile.closures for profile in authority.panels if profile.key == seen.key), ())
    return render_template(
        "panel/meetings/panel.html",
        panel=seen,
        seats=seats,
        seat_words=SEATS,
        meets=recurrence_in_words(recurrence_of(seen)),
        cut_off=cut_off_in_words(cut_off_of(seen)),
        on_bank_holiday=ON_BANK_HOLIDAY[seen.on_bank_holiday],
        closed=closures_in_words((*authority.closures, *own)),
        dates=queries.coming_meetings(session, [seen.id], now(), limit=6),
        set_by_hand=queries.set_by_hand(session, seen.id, today(), limit=MOST_SHOWN),
        may_fill=may_fill,
        unled=without_leader(session, [seen]) if may_fill else [],
        agencies=agencies,
        people=people,
        form=form,
    )
