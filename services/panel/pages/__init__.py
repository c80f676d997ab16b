"""The pages that people use, a module per journey, all on one blueprint."""

from flask import Blueprint

pages = Blueprint("pages", __name__)

# The modules put their routes on the blueprint, so they can only be imported once it is there.
from services.panel.pages import (  # noqa: E402
    action_log,
    agenda,
    allocations,
    arrangements,
    attachments,
    attendance,
    calendar,
    decisions,
    home,
    knowledge,
    late_items,
    leads,
    letters,
    meeting,
    meetings,
    minutes,
    minutes_changes,
    papers,
    places,
    plans,
    queue,
    readers,
    rescheduling,
    seats,
    subscription,
)

__all__ = [
    "action_log",
    "agenda",
    "allocations",
    "arrangements",
    "attachments",
    "attendance",
    "calendar",
    "decisions",
    "home",
    "knowledge",
    "late_items",
    "leads",
    "letters",
    "meeting",
    "meetings",
    "minutes",
    "minutes_changes",
    "pages",
    "papers",
    "places",
    "plans",
    "queue",
    "readers",
    "rescheduling",
    "seats",
    "subscription",
]
