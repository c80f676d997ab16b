"""The agenda of a meeting: who is to be heard, in which order, with the papers and the pack."""

from typing import Any
from uuid import UUID

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.panel.access import Seated, seated_at
from services.panel.actions.circulation import goes_out_at, pack_for
from services.panel.both_doors.agenda_lines import agenda_lines, counts_of
from services.panel.both_doors.queue_lines import PanelsPlaces, places_of
from services.panel.pages import pages
from services.panel.queries import calendar as calendar_queries
from services.panel.queries import people as people_queries
from services.panel.queries.circulation import circulations_of
from services.panel.queries.queue import families_later, taken_places
from services.panel.rules.circulation import papers_open_until
from services.panel.rules.consent import CLOSED_BECAUSE
from services.panel.rules.queue import URGENCIES, WHY
from shared.audit import record
from shared.errors import NotFound
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today


@pages.get("/meetings/<uuid:meeting_id>")
@needs("coordinator", "panel_member", "administrator")
def agenda(meeting_id: UUID) -> ResponseReturnValue:
    """Show a meeting's agenda: provisional until it closes, then numbered, with papers."""
    person = current_person()
    with database().begin() as session:
        seated = seated_at(session, meeting_id, person)
        if not seated.sees_families:
            return _show(session, seated)
        record(session, who=person.person_id, did="read_agenda", subject="meeting", subject_id=meeting_id)
        lines = agenda_lines(
            session, seated, person_id=person.person_id, today=today(), authority=resources().authority
        )
        return _show(session, seated, lines=lines, counts=counts_of(lines))


@pages.get("/meetings/<uuid:meeting_id>/pack.pdf")
@needs("coordinator", "panel_member")
def agenda_pack(meeting_id: UUID) -> ResponseReturnValue:
    """Give the reader's own copy of what was circulated, or of the supplement asked for, without what is closed to them."""
    person, supplement = current_person(), request.args.get("supplement", type=int)
    with database().begin() as session:
        seated = seated_at(session, meeting_id, person)
        if not seated.papers_open(today()):
            raise NotFound("There is no pack, or it is not open to you.")
        pdf = pack_for(session, seated.meeting, person, now=now(), supplement=supplement)
        record(session, who=person.person_id, did="read_pack", subject="meeting", subject_id=meeting_id)
        part = f"-supplement-{supplement}" if supplement else ""
        name = f"agenda-{seated.meeting.panel.key}-{seated.meeting.held_on}{part}.pdf"
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def _show(session: Session, seated: Seated, **families: Any) -> str:
    meeting = seated.meeting
    seats = calendar_queries.seats_of(session, meeting.panel_id)
    chairs = [line.person for line in seats if line.seat.seat == "chair" and line.person]
    names = people_queries.names_of(session, [meeting.chaired_by] if meeting.chaired_by else [])
    taken = taken_places(session, meeting.id)
    is_full = meeting.state == "planned" and taken >= meeting.places
    return render_template(
        "panel/agenda/agenda.html",
        seated=seated,
        meeting=meeting,
        chair=names.get(meeting.chaired_by) if meeting.chaired_by else next(iter(chairs), None),
        taken=taken,
        later=families_later(session, meeting) if is_full and seated.is_leading else 0,
        overflowing=_overflowing(session, seated),
        is_late=meeting.state == "planned" and meeting.agenda_closes_at <= now(),
        papers_open=seated.papers_open(today()),
        supplements=[one.number for one in circulations_of(session, meeting.id) if one.number],
        papers_go_out_at=None
        if meeting.state in ("planned", "cancelled") or meeting.papers_sent_at
        else goes_out_at(meeting),
        papers_open_until=None
        if meeting.state == "cancelled"
        else papers_open_until(meeting.held_on, meeting.panel.papers_stay_days),
        may_change=meeting.state in ("planned", "agenda_closed")
        and (seated.seat == "coordinator" or current_person().has("administrator")),
        why=WHY,
        urgencies=URGENCIES,
        closed_because=CLOSED_BECAUSE,
        **families,
    )


def _overflowing(session: Session, seated: Seated) -> PanelsPlaces | None:
    """Return how the panel's places stand, for who prepares a meeting whose agenda is open."""
    if not seated.is_leading or seated.meeting.state != "planned":
        return None
    return places_of(session, [seated.meeting.panel], now())[seated.meeting.panel_id]
