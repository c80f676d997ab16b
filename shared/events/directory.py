"""What the directory announces: who's who, what agencies offer, and the training clock."""

from dataclasses import dataclass
from uuid import UUID

from shared.messaging.contract import Instant, event


@event("directory.agency_changed.v1", key="agency_id")
@dataclass(frozen=True)
class AgencyChanged:
    """An agency is new, renamed or no longer active. Its name is public."""

    agency_id: UUID
    name: str
    is_active: bool


@event("directory.service_changed.v1", key="agency_id")
@dataclass(frozen=True)
class ServiceChanged:
    """A service that an agency offers is new, renamed, opened or closed to new families. Its name is public."""

    service_id: UUID
    agency_id: UUID
    name: str
    is_open: bool
    needs: tuple[str, ...]


@event("directory.person_changed.v1", key="person_id")
@dataclass(frozen=True)
class PersonChanged:
    """A person who signs in is new, or has another agency, role, name or password; ask the directory for the name.

    `sessions_end_at`: their sessions issued before this instant are refused; UTC and real time, in training too.
    """

    person_id: UUID
    agency_id: UUID | None
    roles: tuple[str, ...]
    is_active: bool
    sessions_end_at: Instant | None = None


@event("directory.clock_moved.v1", key="clock")
@dataclass(frozen=True)
class ClockMoved:
    """Somebody moved the training clock on; every service walks to `moves_to` (UTC)."""

    moves_to: Instant
    clock: str = "training"
