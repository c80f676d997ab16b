"""Panels and limits brought to the authority's profile, and meetings made ahead."""

from datetime import datetime

from services.panel.actions import allocations, calendar
from services.panel.actions.planning import plan_meetings as plan_ahead
from services.panel.actions.queue import place_waiting
from services.panel.queries import calendar as calendar_queries
from shared.london import london_date
from shared.service import Resources


def plan_meetings(resources: Resources, now: datetime) -> None:
    """Bring panels and limits to the profile in force, make the meetings of two years, and give places to who waits."""
    authority = resources.profile.on(london_date(now))
    with resources.database.begin() as session:
        calendar.keep_panels(session, authority.panels)
        allocations.keep_limits(session, authority.limits)
    with resources.database.begin() as session:
        plan_ahead(session, authority, now)
        for panel in calendar_queries.panels(session):
            place_waiting(session, panel.id, now)
