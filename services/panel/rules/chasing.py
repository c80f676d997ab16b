"""When an action is chased: once some days before it is due, then again and again while it is overdue."""

from datetime import date, timedelta
from typing import Protocol

BEFORE = 0
"""The number of the reminder before an action is due; those after it are counted from 1."""


class ChasingRule(Protocol):
    """The authority's rule: how many days before, and every how many days after, at most how often."""

    @property
    def remind_days_before(self) -> int:
        """Return how many days before its day an action is reminded of."""

    @property
    def overdue_every_days(self) -> int:
        """Return every how many days an overdue action is chased."""

    @property
    def overdue_at_most(self) -> int:
        """Return how often an overdue action is chased at the most."""


def chase_number(due_on: date, today: date, rule: ChasingRule) -> int | None:
    """Return which chase of an action has its time today (London dates), None where it is too early.

    A time that nobody was there for, an outage, is passed over: only the last one that has come counts.
    """
    if today <= due_on:
        return BEFORE if today >= due_on - timedelta(days=rule.remind_days_before) else None
    times = 1 + ((today - due_on).days - 1) // rule.overdue_every_days
    return min(times, rule.overdue_at_most)


def is_told_beyond_owner(number: int, rule: ChasingRule) -> bool:
    """Say whether the agency's managers and the coordinator are told too: from the second time on, or the only one."""
    return number >= 2 or BEFORE < number == rule.overdue_at_most
