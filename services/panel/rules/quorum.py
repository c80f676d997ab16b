"""Whether enough people are there for a meeting to decide; the authority says what is enough, and usually nothing is."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from shared.authority import Quorum


@dataclass(frozen=True)
class There:
    """Somebody who is there, or for whom somebody else came: of which agency, on which seat and in which role."""

    agency_id: UUID | None
    seat: str
    role: str = ""


def missing_for_quorum(quorum: Quorum, there: Collection[There]) -> list[str]:
    """Return what is missing, in words; empty where the quorum is reached, or there is none."""
    missing = []
    agencies = {one.agency_id for one in there if one.agency_id is not None}
    if (more := quorum.agencies - len(agencies)) > 0:
        missing.append("1 more agency" if more == 1 else f"{more} more agencies")
    roles = {one.role.casefold() for one in there}
    missing += [role for role in quorum.roles if role.casefold() not in roles]
    if quorum.chair and not any(one.seat in ("chair", "deputy") for one in there):
        missing.append("the chair or a deputy")
    return missing
