"""Who waits for a meeting: how long, why, and where they have a place or are likely to get one."""

from flask import render_template, request

from services.panel.access import panels_led_by
from services.panel.both_doors.queue_lines import expected, places_of
from services.panel.pages import pages
from services.panel.pages.asking import level_in_words
from services.panel.queries.amended import amended_at
from services.panel.queries.queue_page import QueueFilter, not_shown, queue_page
from services.panel.rules.queue import CARRIED_TOO_OFTEN, URGENCIES, WHY
from shared.audit import record
from shared.errors import Forbidden
from shared.web.access import current_person, needs
from shared.web.app import database, now
from shared.web.paging import page_asked_for, shown

PLACES = {"without": "Without a place", "with": "With a place"}
CARRIED = {"again": "Carried over twice or more"}


@pages.get("/queue")
@needs("coordinator", "panel_member")
def queue() -> str:
    """Show one page of the queues of the panels that the person leads, or of one of them."""
    person, page = current_person(), page_asked_for()
    with database().begin() as session:
        panels = panels_led_by(session, person)
        if not panels and not person.has("coordinator"):
            raise Forbidden("The chair, a deputy or the coordinator of a panel reads its queue.")
        chosen = next((panel for panel in panels if panel.key == request.args.get("panel")), None)
        seen = [panel for panel in panels if chosen in (None, panel)]
        asked = QueueFilter(
            panel_ids=[panel.id for panel in seen],
            reader_id=person.person_id,
            why=_one_of("why", WHY),
            urgency=_one_of("urgency", URGENCIES),
            place=_one_of("place", PLACES),
            carried_too_often=bool(_one_of("carried", CARRIED)),
        )
        found, hidden = shown(queue_page(session, asked, page)), not_shown(session, asked)
        places = places_of(session, seen, now())
        amended = amended_at(session, [line.entry.request_id for line in found.rows])
        record(session, who=person.person_id, did="read_queue", subject="queue", subject_id="page", page=page)
    return render_template(
        "panel/queue/queue.html",
        panels=panels,
        chosen=chosen,
        asked=asked,
        found=found,
        not_shown=hidden,
        places=places,
        expected=expected(found.rows, places),
        amended=amended,
        why=WHY,
        urgencies=URGENCIES,
        with_or_without=PLACES,
        carried=CARRIED,
        too_often=CARRIED_TOO_OFTEN,
        level_in_words=level_in_words,
    )


def _one_of(name: str, known: dict[str, str]) -> str:
    """Return the filter that the address names; what it names wrongly leaves nothing out."""
    value = request.args.get(name, "")
    return value if value in known else ""
