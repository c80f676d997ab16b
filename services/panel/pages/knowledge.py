"""What a member's agency knows of a family, said on its paper before the meeting."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.panel.access import item_with_paper
from services.panel.actions.knowledge import say_what_is_known
from services.panel.pages import pages
from services.panel.pages.asking import id_or_none
from services.panel.pages.trying import DONE, try_form
from services.panel.queries import knowledge as reads
from services.panel.queries.people import names_of
from services.panel.rules.knowledge import KNOWS, LONGEST_NOTE, check_may_say
from services.panel.tables import AgendaItemRow, KnownAgencyRow, MeetingRow
from shared.web.access import current_person, needs
from shared.web.app import database, now, today
from shared.web.fields import Choice, Line, Words
from shared.web.forms import Form, PageForm, read_form, show_form


class KnowledgeForm(PageForm):
    """What an agency knows; `supersedes` is its answer that the page showed."""

    knows = Choice("What your agency knows", KNOWS, required=True)
    note = Words("The note", longest=LONGEST_NOTE)
    supersedes = Line("The answer that stands")


@pages.get("/meetings/<uuid:meeting_id>/papers/<uuid:item_id>/knowledge")
@needs("coordinator", "panel_member")
def knowledge(meeting_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Show the form on which a member says what their agency knows, filled with its standing answer."""
    with database().read() as session:
        meeting, item = _readable(session, meeting_id, item_id)
        agency_id = reads.answers_for(session, meeting.panel_id, current_person().person_id)
        standing = reads.standing_answer(session, item.request_id, agency_id)
        values = {"knows": standing.knows, "note": standing.note} if standing else {}
        return _show(session, meeting, item, show_form(KnowledgeForm(), values))


@pages.post("/meetings/<uuid:meeting_id>/papers/<uuid:item_id>/knowledge")
@needs("coordinator", "panel_member")
def say_knowledge(meeting_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Keep what the member's agency knows."""
    form = read_form(KnowledgeForm(), request.form)
    status = try_form(form, lambda session: _say(session, meeting_id, item_id, form))
    if status == DONE:
        flash("What your agency knows is on the paper.")
        return redirect(url_for("pages.paper", meeting_id=meeting_id, item_id=item_id, _anchor="agencies"))
    with database().read() as session:
        return _show(session, *_readable(session, meeting_id, item_id), form), status


def _say(session: Session, meeting_id: UUID, item_id: UUID, form: Form) -> None:
    meeting, item = _readable(session, meeting_id, item_id)
    say_what_is_known(
        session,
        meeting,
        item,
        knows=form.values["knows"],
        note=form.values["note"],
        supersedes=id_or_none(form.values["supersedes"]),
        by=current_person().person_id,
        now=now(),
    )


def _readable(session: Session, meeting_id: UUID, item_id: UUID) -> tuple[MeetingRow, AgendaItemRow]:
    seated, item, _ = item_with_paper(session, meeting_id, item_id, current_person(), today())
    return seated.meeting, item


def _show(session: Session, meeting: MeetingRow, item: AgendaItemRow, form: Form) -> str:
    asked = reads.answers_for(session, meeting.panel_id, current_person().person_id)
    agency_id = check_may_say(asked, "agenda_closed" if form.errors else meeting.state)
    standing = reads.standing_answer(session, item.request_id, agency_id)
    agency = session.get(KnownAgencyRow, agency_id)
    return render_template(
        "panel/papers/knowledge.html",
        meeting=meeting,
        item=item,
        form=form,
        agency=agency.name if agency else "your agency",
        standing=standing,
        said_by=names_of(session, [standing.said_by]).get(standing.said_by, "") if standing else "",
        knows=KNOWS,
        longest=LONGEST_NOTE,
    )
