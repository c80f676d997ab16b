"""What a decision records that nobody has to type: it follows from what is known at that moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.agencies import is_named

COVERS = {
    "named": "Yes: the family named this agency",
    "shared": "Yes: the family agreed to share with those who may help",
    "overridden": "It goes on without consent, for a child's safety",
    "not_known": "Not known: there is no paper",
}
"""Whether the family's consent covers the agency to which it is allocated."""


@dataclass(frozen=True)
class Held:
    """A service that had the family, or was asked to, from one London date to another, and why that ended."""

    service_id: str
    began_on: date
    ended_on: date
    because: str


def consent_covers(content: Mapping[str, Any] | None, agency: str) -> str:
    """Return how the family's newest answer covers an agency: a code of COVERS."""
    if content is None:
        return "not_known"
    consent = content.get("consent") or {}
    if consent.get("overridden"):
        return "overridden"
    named = [str(name) for name in consent.get("named") or []]
    return "named" if is_named(agency, named) else "shared"


def reallocated_from(chain: Sequence[Held]) -> dict[str, Any]:
    """Return what is recorded of the service that had the family last; empty when none had."""
    if not chain:
        return {}
    last = max(chain, key=lambda held: (held.ended_on, held.began_on))
    return {
        "previous_service_id": last.service_id,
        "previous_because": last.because,
        "days_held": (last.ended_on - last.began_on).days,
    }
