"""One family's paper, as it was circulated to the members of a meeting."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from services.panel.access import item_with_paper
from services.panel.actions.receipts import note_opened
from services.panel.pages import pages
from services.panel.queries import agenda as queries
from services.panel.queries.circulation import circulated_item
from services.panel.queries.knowledge import what_agencies_know
from services.panel.queries.papers import closed_to_member, latest_paper
from services.panel.rules.paper import Content, said_later
from shared.audit import record
from shared.web.access import current_person, needs
from shared.web.app import database, now, today


@pages.get("/meetings/<uuid:meeting_id>/papers/<uuid:item_id>")
@needs("coordinator", "panel_member")
def paper(meeting_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Show a frozen paper; who reads it is written down in the audit."""
    person = current_person()
    with database().begin() as session:
        seated, item, paper_row = item_with_paper(session, meeting_id, item_id, person, today())
        items = [other for other in queries.items_of(session, meeting_id) if other.paper_id and other.number]
        closed = closed_to_member(session, seated.meeting, items, person.person_id)
        others = [other for other in items if other.id not in closed]
        newest = latest_paper(session, item.request_id)
        shown = circulated_item(session, item_id).contents
        agencies = what_agencies_know(session, seated.meeting.panel_id, [item])[item.id]
        note_opened(session, [item_id], by=person.person_id, how="page", now=now())
        record(session, who=person.person_id, did="read_paper", subject="request", subject_id=item.request_id)
    position = [other.id for other in others].index(item.id)
    return render_template(
        "panel/papers/paper.html",
        meeting=seated.meeting,
        item=item,
        paper=shown["paper"],
        shown=shown,
        read_at=now(),
        said_since=_said_since(paper_row.content, newest.content if newest else {}),
        agencies=agencies,
        before=others[position - 1] if position else None,
        after=others[position + 1] if position + 1 < len(others) else None,
    )


def _said_since(circulated: Content, newest: Content) -> list[dict[str, str]]:
    """Return what was said after the paper was circulated, which stays as it was."""
    known = said_later(circulated)
    return [one for one in said_later(newest) if one not in known]
