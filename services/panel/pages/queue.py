"""Who waits for a meeting: how long, why, and where they have a place."""

from flask import render_template, request

from services.panel.access import panels_coordinated_by
from services.panel.pages import pages
from services.panel.pages.asking import level_in_words
from services.panel.queries import queue as queries
from services.panel.queries.amended import amended_at
from services.panel.rules.queue import URGENCIES, WHY
from shared.audit import record
from shared.web.access import current_person, needs
from shared.web.app import database
from shared.web.paging import page_asked_for, shown


@pages.get("/queue")
@needs("coordinator")
def queue() -> str:
    """Show one page of the queues of the panels that the person coordinates, or of one of them."""
    person, page = current_person(), page_asked_for()
    with database().begin() as session:
        panels = panels_coordinated_by(session, person)
        chosen = next((panel for panel in panels if panel.key == request.args.get("panel")), None)
        panel_ids = [panel.id for panel in panels if chosen in (None, panel)]
        found = queries.queue_page(session, panel_ids, page)
        waiting = queries.waiting_counts(session, panel_ids)
        amended = amended_at(session, [line.entry.request_id for line in found.rows])
        record(session, who=person.person_id, did="read_queue", subject="queue", subject_id="page", page=page)
    return render_template(
        "panel/queue/queue.html",
        panels=panels,
        chosen=chosen,
        found=shown(found),
        waiting=waiting,
        amended=amended,
        why=WHY,
        urgencies=URGENCIES,
        level_in_words=level_in_words,
    )
