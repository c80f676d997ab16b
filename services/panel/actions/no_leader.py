"""Tell the administrators of requests for which nobody who leads their panel may act, so that somebody gets a seat who may."""

from sqlalchemy.orm import Session

from services.panel.queries import no_leader as reads
from services.panel.queries.calendar import panels
from shared.events.panel import RequestsWithoutLeader
from shared.messaging.outbox import announce


def tell_of_requests_without_leader(session: Session) -> None:
    """Announce each panel with such requests, again for as long as there are any: how many, and nothing of the families."""
    administrators = tuple(reads.administrators(session))
    for one in reads.without_leader(session, panels(session)):
        announce(
            session,
            RequestsWithoutLeader(
                panel_id=one.panel.id,
                panel_key=one.panel.key,
                panel_name=one.panel.name,
                requests=one.requests,
                administrator_ids=administrators,
            ),
        )
