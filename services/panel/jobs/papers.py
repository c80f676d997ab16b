"""Papers asked of referrals: one that is due, or all of a meeting as they are now."""

from typing import Any
from uuid import UUID

from services.panel.actions import consent, papers
from services.panel.rules.allocations import panel_choices
from shared.neighbours import NeighbourAway, NeighbourRefused
from shared.service import Resources

_GONE = (404, 410)


def fetch_papers(resources: Resources) -> bool:
    """Fetch one paper that is due; say whether there was one."""
    with resources.database.begin() as session:
        claimed = papers.claim_wanted_paper(session)
    if claimed is None:
        return False
    try:
        content = resources.neighbours.get("referrals", f"/requests/{claimed.request_id}/paper")
    except (NeighbourAway, NeighbourRefused) as error:
        with resources.database.begin() as session:
            papers.note_failure(session, claimed.request_id, str(error))
    else:
        with resources.database.begin() as session:
            consent.keep_newest_paper(
                session, claimed, content, panels=panel_choices(resources.authority), now=resources.clock.now()
            )
    return True


def ask_for_papers(
    resources: Resources, request_ids: list[UUID]
) -> tuple[dict[UUID, dict[str, Any] | None], dict[UUID, str]]:
    """Return the papers as they are now, None where there is none any more, and what could not be asked."""
    given: dict[UUID, dict[str, Any] | None] = {}
    away: dict[UUID, str] = {}
    for request_id in request_ids:
        try:
            given[request_id] = resources.neighbours.get("referrals", f"/requests/{request_id}/paper")
        except NeighbourAway as error:
            away[request_id] = str(error)
            break
        except NeighbourRefused as error:
            if error.status not in _GONE:
                away[request_id] = str(error)
                break
            given[request_id] = None
    return given, away
