"""The JSON routes, a module per noun."""

from flask_smorest import Blueprint

from services.panel.api import (
    actions,
    allocations,
    decisions,
    letters,
    meeting,
    meetings,
    minutes,
    panels,
    papers,
    plans,
    queue,
    rescheduling,
    stand,
    statistics,
    telling,
)

APIS: list[Blueprint] = [
    panels.api,
    queue.api,
    meetings.api,
    meeting.api,
    stand.api,
    decisions.api,
    letters.api,
    papers.api,
    allocations.api,
    plans.api,
    actions.api,
    rescheduling.api,
    minutes.api,
    statistics.api,
    telling.api,
]
"""One blueprint per module."""
