"""Who may see what was sent."""

from collections.abc import Collection
from urllib.parse import urlencode

from shared.errors import Forbidden
from shared.identity import Person
from shared.neighbours import NeighbourAway, NeighbourRefused, Neighbours

READERS = ("coordinator", "front_door", "administrator")
"""The roles of those who ring people when a message did not arrive."""

INBOX_IS_OPEN = "a training system holds nobody real, and its inbox is for everybody; it is not found elsewhere"

SEE_EVERY_REQUEST = ("front_door", "administrator")
"""The roles of those who see a message about whatever request; a coordinator sees those of their panels."""


def kept_from(person: Person, references: Collection[str], neighbours: Neighbours) -> set[str]:
    """Return of which of these requests a person is not to be told, by their references; empty ones are of no request.

    Only the panel knows which panels somebody leads, and in which families they have no part. Where it does not
    answer, a coordinator is told of none.
    """
    asked = {reference for reference in references if reference}
    if not asked or person.has(*SEE_EVERY_REQUEST):
        return set()
    query = urlencode([("reference", reference) for reference in sorted(asked)])
    try:
        answer = neighbours.get("panel", f"/people/{person.person_id}/references?{query}")
    except (NeighbourAway, NeighbourRefused):
        return asked
    return asked - set(answer["references"])


def check_may_be_told(person: Person, reference: str, neighbours: Neighbours) -> None:
    """Refuse a message about a request that is kept from a person; raises Forbidden."""
    if kept_from(person, [reference], neighbours):
        raise Forbidden("This message is about a request that you may not see. The front door looks after it.")
