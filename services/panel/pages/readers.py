"""Who has opened the papers of a meeting, and which agencies have said what they know: for who prepares and chairs it."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from services.panel.access import prepared_by
from services.panel.pages import pages
from services.panel.queries.circulation import items_sent
from services.panel.queries.knowledge import outstanding, what_agencies_know
from services.panel.queries.no_part import no_part_at
from services.panel.queries.receipts import readers_of
from services.panel.rules.agenda import SEATS
from services.panel.rules.consent import CLOSED_IN_BRIEF
from shared.web.access import current_person, needs
from shared.web.app import database


@pages.get("/meetings/<uuid:meeting_id>/readers")
@needs("coordinator", "panel_member")
def readers(meeting_id: UUID) -> ResponseReturnValue:
    """Show by member and by item who has opened what, and which agencies are still to answer."""
    with database().read() as session:
        seated = prepared_by(session, meeting_id, current_person())
        items = items_sent(session, meeting_id)
        found = readers_of(session, seated.meeting, items)
        knowledge = what_agencies_know(session, seated.meeting.panel_id, items)
        return render_template(
            "panel/papers/readers.html",
            meeting=seated.meeting,
            items=items,
            no_part=no_part_at(session, items, current_person().person_id),
            readers=found,
            not_opened_by={one.id: [reader.name for reader in found if reader.not_opened([one.id])] for one in items},
            outstanding=outstanding(items, knowledge),
            seats=SEATS,
            closed_in_brief=CLOSED_IN_BRIEF,
        )
