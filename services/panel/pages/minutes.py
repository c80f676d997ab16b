"""The minutes: which there are, how they stand, and what they say to whoever reads them."""

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.panel.access import panels_seen_by
from services.panel.actions import minutes as actions
from services.panel.pages import pages
from services.panel.queries import meeting as reads
from services.panel.queries import minutes_kept as kept
from services.panel.rules import meeting as meeting_rules
from services.panel.rules.minutes import ANSWERS, BECAUSE, Minutes, due_on
from services.panel.tables import MeetingRow
from shared.audit import record
from shared.errors import NotFound
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.forms import Form, PageForm


@pages.get("/minutes")
@needs("coordinator", "panel_member")
def all_minutes() -> str:
    """List how the minutes of past meetings stand; those that are late come first."""
    with database().read() as session:
        panels = panels_seen_by(session, current_person())
        lines = kept.lines_of(session, [panel.id for panel in panels], today=today())
        return render_template("panel/minutes/list.html", lines=lines, states=Minutes)


@pages.get("/meetings/<uuid:meeting_id>/minutes")
@needs("coordinator", "panel_member")
def minutes(meeting_id: UUID) -> str:
    """Show the minutes of a meeting to somebody with a seat at its panel; the audit keeps who read them."""
    with database().begin() as session:
        return show_minutes(session, meeting_id)


@pages.get("/meetings/<uuid:meeting_id>/minutes.pdf")
@needs("coordinator", "panel_member")
def minutes_pdf(meeting_id: UUID) -> Response:
    """Return the minutes as a PDF; the audit keeps who fetched them."""
    with database().begin() as session:
        meeting = meeting_with_minutes(session, meeting_id)
        reader = current_person()
        pdf = actions.pdf_for(session, meeting, reader, authority=resources().authority)
        if pdf is None:
            raise NotFound("These minutes have not been issued yet.")
        record(session, who=reader.person_id, did="fetched_minutes", subject="meeting", subject_id=meeting_id)
    disposition = f'inline; filename="minutes-{meeting.held_on.isoformat()}.pdf"'
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": disposition})


@pages.post("/meetings/<uuid:meeting_id>/minutes/issue")
@needs("coordinator", "panel_member")
def issue_minutes(meeting_id: UUID) -> ResponseReturnValue:
    """Issue minutes that were kept back at the meeting's end."""
    with database().begin() as session:
        by, authority = current_person().person_id, resources().authority
        actions.issue_later(session, meeting_id, by=by, authority=authority, now=now())
    flash("The minutes are on their way to the members.")
    return redirect(url_for("pages.minutes", meeting_id=meeting_id))


def meeting_with_minutes(session: Session, meeting_id: UUID) -> MeetingRow:
    """Return a meeting whose minutes this person may read; before they are issued, who runs it. Raises NotFound."""
    meeting = reads.the_meeting(session, meeting_id)
    parts = reads.parts_of(session, meeting, current_person().person_id)
    meeting_rules.check_may_see(parts)
    if meeting.state != "ended":
        raise NotFound("There are minutes once the meeting has ended.")
    if kept.newest(session, meeting_id) is None and not meeting_rules.RUNS.intersection(parts):
        raise NotFound("These minutes have not been issued yet.")
    return meeting


def show_minutes(session: Session, meeting_id: UUID, **forms: Form) -> str:
    """Return the page of minutes, with forms where something was typed that could not be kept."""
    meeting = meeting_with_minutes(session, meeting_id)
    person = current_person()
    said = actions.minutes_for(session, meeting, person, authority=resources().authority)
    parts = reads.parts_of(session, meeting, person.person_id)
    record(session, who=person.person_id, did="read_minutes", subject="meeting", subject_id=meeting_id)
    proposed = _proposed(session, meeting, said, person.person_id, runs=bool(meeting_rules.RUNS.intersection(parts)))
    return render_template(
        "panel/minutes/minutes.html",
        meeting=meeting,
        minutes=said,
        versions=kept.versions(session, meeting_id),
        state=kept.state_at(session, meeting_id),
        states=Minutes,
        due_on=due_on(meeting.held_on, meeting.panel.minutes_within),
        runs=bool(meeting_rules.RUNS.intersection(parts)),
        proposed=proposed,
        waiting=sum(not one.answer for one in proposed),
        people=reads.people_of(session, [one.proposed_by for one in proposed]),
        numbers={item["id"]: f"Item {item['number']}" for item in said["items"]},
        answers=ANSWERS,
        because=BECAUSE,
        empty_form=lambda: Form(PageForm(), {}, {}, {}),
        **forms,
    )


def _proposed(session: Session, meeting: MeetingRow, said: dict[str, Any], me: UUID, *, runs: bool) -> list[Any]:
    """Return the proposed corrections that the person sees: all for who runs the meeting, else their own.

    Nothing about an item that is closed to them.
    """
    shown = {item["id"] for item in said["items"]}
    return [
        row
        for row in kept.proposed(session, meeting.id)
        if (runs or row.proposed_by == me) and (row.agenda_item_id is None or str(row.agenda_item_id) in shown)
    ]
