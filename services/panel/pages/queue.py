"""Who waits for a meeting: how long, why, and where they have a place."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from services.panel.access import panels_coordinated_by
from services.panel.pages import pages
from services.panel.queries import queue as queries
from services.panel.rules.paper import level_in_words
from services.panel.rules.queue import URGENCIES, WHY
from services.panel.tables import QueueEntryRow
from shared.audit import record
from shared.web.access import current_person, needs
from shared.web.app import database, resources


@pages.get("/queue")
@needs("coordinator")
def queue() -> ResponseReturnValue:
    """Show one page of the queues of the panels that the person coordinates."""
    person = current_person()
    page = min(max(1, request.args.get("page", 1, type=int)), 10_000)
    with database().begin() as session:
        panels = panels_coordinated_by(session, person)
        lines, total = queries.queue_page(session, [panel.id for panel in panels], page)
        waiting = queries.waiting_counts(session, [panel.id for panel in panels])
        record(session, who=person.person_id, did="read_queue", subject="queue", subject_id="page", page=page)
    return render_template(
        "panel/queue/queue.html",
        panels=panels,
        lines=lines,
        total=total,
        waiting=waiting,
        page=page,
        pages=max(1, -(-total // queries.PAGE_SIZE)),
        first=(page - 1) * queries.PAGE_SIZE + 1,
        why=WHY,
        urgencies=URGENCIES,
        level_of=_level_of,
    )


def _level_of(entry: QueueEntryRow) -> str:
    return level_in_words(resources().authority, entry.level_scheme, entry.level_version, entry.level_number)
