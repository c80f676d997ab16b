"""Who of the front door works on a request: one person at most, and never who made it.

A child in danger waits for nobody: anybody of the front door may hand over to social care.
"""

from collections.abc import Collection
from uuid import UUID

from services.referrals.rules.stages import AT_FRONT_DOOR
from shared.errors import Conflict, Forbidden

_FOR_EVERYBODY = frozenset({"safeguarding"})
OWN_REQUEST = "You sent this request, or wrote it down for somebody, so a colleague has to decide about it."


class OwnRequest(Forbidden):
    """Who made a request does not decide about it."""


class SomebodyWorksOnIt(Conflict):
    """A colleague works on the request."""


class NobodyToTakeOverFrom(Conflict):
    """Nobody else works on the request."""


class NotAtFrontDoor(Conflict):
    """The front door has nothing to decide about the request now."""


def check_may_decide(
    outcome: str, by: UUID, *, made_by: Collection[UUID | None], worker: UUID | None, name: str
) -> None:
    """Raise OwnRequest for who made it, and SomebodyWorksOnIt while it is with a colleague, called `name`."""
    if outcome in _FOR_EVERYBODY:
        return
    if by in made_by:
        raise OwnRequest(OWN_REQUEST)
    if worker not in (None, by):
        raise SomebodyWorksOnIt(f"{name} works on this request. Speak to them, or ask a manager to take it over.")


def check_may_take_on(
    stage: str, by: UUID, *, made_by: Collection[UUID | None], worker: UUID | None, name: str
) -> None:
    """Raise OwnRequest, SomebodyWorksOnIt, or NotAtFrontDoor where there is nothing to decide."""
    if stage not in AT_FRONT_DOOR:
        raise NotAtFrontDoor("The front door has nothing to decide about this request now.")
    check_may_decide("", by, made_by=made_by, worker=worker, name=name)


def check_may_take_over(stage: str, by: UUID, *, made_by: Collection[UUID | None], worker: UUID | None) -> None:
    """Raise OwnRequest, NotAtFrontDoor, or NobodyToTakeOverFrom."""
    if worker in (None, by):
        raise NobodyToTakeOverFrom("Nobody else works on this request.")
    check_may_take_on(stage, by, made_by=made_by, worker=None, name="")
