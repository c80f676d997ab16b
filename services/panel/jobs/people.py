"""Names asked of the directory."""

import structlog

from services.panel.actions import people
from services.panel.queries import people as people_queries
from shared.neighbours import NeighbourAway, NeighbourRefused
from shared.service import Resources

log = structlog.get_logger()


def fetch_people(resources: Resources) -> bool:
    """Ask the directory for one name that is not known or may have changed; say whether one was learnt."""
    with resources.database.read() as session:
        person_id = people_queries.stale_person(session)
    if person_id is None:
        return False
    try:
        who = resources.neighbours.get("directory", f"/people/{person_id}")
    except NeighbourAway as error:
        log.warning("name_not_fetched", reason=str(error))
        return False
    except NeighbourRefused:
        with resources.database.begin() as session:
            people.give_up_name(session, person_id)
        return True
    with resources.database.begin() as session:
        people.keep_name(session, person_id, name=who["name"], job_title=who.get("job_title") or "")
    return True
