"""A family in the queue, and what is arranged about it by hand: put off to a later meeting, sent back to the front door."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.panel.actions import arrangements as actions
from services.panel.pages import pages
from services.panel.pages.asking import id_or_none, level_in_words
from services.panel.pages.trying import DONE, try_form
from services.panel.queries import arrangements as queries
from services.panel.queries.meeting import people_of, seats_held
from services.panel.queries.no_part import check_has_part
from services.panel.queries.queue import open_meetings
from services.panel.rules.arrangements import ARRANGED, SENT_BACK_BECAUSE
from services.panel.rules.meeting import check_may_run
from services.panel.rules.queue import URGENCIES, WHY
from shared.audit import record
from shared.errors import NotFound
from shared.web.access import current_person, needs
from shared.web.app import database, now
from shared.web.fields import Choice, Line, Words
from shared.web.formats import short_day
from shared.web.forms import PageForm, read_form, show_form

MOST_MEETINGS = 40
LONGEST_REASON = 1000


class SendingBackForm(PageForm):
    """Why a request goes back; `entry_id` is the wait that was seen."""

    because = Choice("Why it goes back", SENT_BACK_BECAUSE, required=True)
    reason = Words("The reason", required=True, longest=LONGEST_REASON)
    entry_id = Line("The wait")


@dataclass(frozen=True)
class _Waiting:
    """A request that waits, as whoever leads its panel sees it; `meetings` are the days to which it can be put off."""

    standing: queries.Standing
    family: list[UUID]
    meetings: Mapping[str, str]


@pages.get("/queue/requests/<uuid:request_id>")
@needs("coordinator", "panel_member")
def waiting_request(request_id: UUID) -> str:
    """Show where a request waits, and what was arranged about it and why."""
    with database().begin() as session:
        waiting = _waiting(session, request_id)
        arranged = queries.arranged_about(session, request_id)
        names = people_of(session, [row.arranged_by for row in arranged])
        person = current_person()
        record(session, who=person.person_id, did="read_wait", subject="request", subject_id=request_id)
        return _render("request", waiting, arranged=arranged, names=names, words=ARRANGED)


@pages.get("/queue/requests/<uuid:request_id>/putting-off")
@needs("coordinator", "panel_member")
def putting_off(request_id: UUID) -> str:
    """Show the form on which a family is put off to a later meeting."""
    with database().read() as session:
        waiting = _waiting(session, request_id)
        return _render("putting_off", waiting, form=show_form(_putting_off_form(waiting)))


@pages.post("/queue/requests/<uuid:request_id>/putting-off")
@needs("coordinator", "panel_member")
def put_off(request_id: UUID) -> ResponseReturnValue:
    """Put a family off to a later meeting."""
    try:
        with database().read() as session:
            waiting = _waiting(session, request_id)
        form = read_form(_putting_off_form(waiting), request.form)
        status = try_form(form, lambda session: _put_off(session, request_id, form.values))
        if status != DONE:
            with database().read() as session:
                return _render("putting_off", _waiting(session, request_id), form=form), status
    except NotFound as refusal:
        return _show_gone(refusal), 404
    else:
        flash(f"{waiting.standing.entry.reference} is put off")
        return redirect(url_for("pages.waiting_request", request_id=request_id))


@pages.get("/queue/requests/<uuid:request_id>/sending-back")
@needs("coordinator", "panel_member")
def sending_back(request_id: UUID) -> str:
    """Show the form on which a request is given back to the front door."""
    with database().read() as session:
        return _render("sending_back", _waiting(session, request_id), form=show_form(SendingBackForm()))


@pages.post("/queue/requests/<uuid:request_id>/sending-back")
@needs("coordinator", "panel_member")
def send_back(request_id: UUID) -> ResponseReturnValue:
    """Give a request back to the front door."""
    try:
        with database().read() as session:
            waiting = _waiting(session, request_id)
        form = read_form(SendingBackForm(), request.form)
        status = try_form(form, lambda session: _send_back(session, request_id, form.values))
        if status != DONE:
            with database().read() as session:
                return _render("sending_back", _waiting(session, request_id), form=form), status
    except NotFound as refusal:
        return _show_gone(refusal), 404
    else:
        flash(f"{waiting.standing.entry.reference} is back at the front door")
        return redirect(url_for("pages.queue", panel=waiting.standing.entry.panel.key))


def _show_gone(refusal: NotFound) -> str:
    """Say that the request waits no more, and give back what was typed."""
    return render_template("panel/queue/gone.html", why=str(refusal), typed=request.form.get("reason", ""))


def _render(name: str, waiting: _Waiting, **more: Any) -> str:
    return render_template(
        f"panel/queue/{name}.html",
        waiting=waiting,
        entry=waiting.standing.entry,
        meeting=waiting.standing.meeting,
        item=waiting.standing.item,
        because=SENT_BACK_BECAUSE,
        why=WHY,
        urgencies=URGENCIES,
        level_in_words=level_in_words,
        **more,
    )


def _waiting(session: Session, request_id: UUID) -> _Waiting:
    """Return a request that waits at a panel which the person leads; raises NotFound, Forbidden."""
    standing = queries.standing_of(session, request_id)
    panel_id = standing.entry.panel_id
    check_may_run(seats_held(session, panel_id, current_person().person_id))
    check_has_part(session, request_id, current_person().person_id)
    after = standing.meeting.held_on if standing.meeting else date.min
    later = [one for one in open_meetings(session, [panel_id], now()).get(panel_id, []) if one.held_on > after]
    choices = {
        one.held_on.isoformat(): f"{short_day(one.held_on)}: "
        + (f"{one.free} of {one.places} places free" if one.free else "full, so the first after it with room")
        for one in later[:MOST_MEETINGS]
    }
    return _Waiting(standing, queries.family_waits_with(session, request_id), choices)


def _putting_off_form(waiting: _Waiting) -> PageForm:
    fields = {
        "not_before": Choice("The meeting", waiting.meetings, required=True),
        "reason": Words("The reason", required=True, longest=LONGEST_REASON),
        "entry_id": Line("The wait"),
    }
    return cast(PageForm, PageForm.from_dict(fields)())  # type: ignore[arg-type]


def _put_off(session: Session, request_id: UUID, values: Mapping[str, Any]) -> None:
    actions.put_off(
        session,
        request_id,
        entry_id=id_or_none(values["entry_id"]),
        not_before=date.fromisoformat(values["not_before"]),
        reason=values["reason"],
        by=current_person().person_id,
        now=now(),
    )


def _send_back(session: Session, request_id: UUID, values: Mapping[str, Any]) -> None:
    actions.send_back(
        session,
        request_id,
        entry_id=id_or_none(values["entry_id"]),
        because=values["because"],
        reason=values["reason"],
        by=current_person().person_id,
        now=now(),
    )
