"""Who leads a plan."""

from uuid import UUID

from shared.errors import Conflict


class SomebodyElseNamed(Conflict):
    """Another naming of a lead practitioner stands than the one that the manager saw."""


def check_new_lead(standing: UUID, supersedes: UUID | None, *, is_closed: bool) -> None:
    """Refuse to name who leads a plan that has ended, or without knowing who was named last."""
    if is_closed:
        raise Conflict("This plan has ended. Nobody leads it any more.")
    if standing != supersedes:
        raise SomebodyElseNamed(
            "Somebody has named another person since you opened this page. Look at who leads the plan now."
        )
