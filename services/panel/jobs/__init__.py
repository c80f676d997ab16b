"""The clock's door and the sweeps, a module per noun: what runs when is all in `TIMETABLE` and `LOOPS`."""

from apscheduler.triggers.cron import CronTrigger

from services.panel.actions.circulation import freeze_what_went_out
from services.panel.jobs import (
    agendas,
    allocations,
    calendar,
    decisions,
    notes,
    papers,
    people,
    plans,
    seats,
    statistics,
)
from shared.service import Loop, Resources
from shared.timetable import Job


def prepare(resources: Resources) -> None:
    """Bring panels, limits and calendars to the authority's profile, at every start."""
    calendar.plan_meetings(resources, resources.clock.now())
    with resources.database.begin() as session:
        freeze_what_went_out(session, resources.authority)


TIMETABLE = [
    Job(calendar.plan_meetings, CronTrigger(hour=2, timezone="Europe/London")),
    Job(agendas.close_agendas, CronTrigger(minute="*/5", timezone="Europe/London"), next_due=agendas.next_cut_off),
    Job(agendas.send_out_papers, CronTrigger(minute="*/5", timezone="Europe/London"), next_due=agendas.next_papers),
    Job(
        decisions.carry_ratifications,
        CronTrigger(minute="2-59/5", timezone="Europe/London"),
        next_due=decisions.left_to_ratify,
    ),
    Job(statistics.count_last_month, CronTrigger(day=1, hour=3, timezone="Europe/London")),
    Job(notes.forget_unsaved, CronTrigger(hour=3, minute=30, timezone="Europe/London")),
    Job(plans.remind_of_reviews, CronTrigger(hour=7, timezone="Europe/London")),
    Job(plans.alert_overdue_reviews, CronTrigger(hour=7, minute=30, timezone="Europe/London")),
    Job(plans.chase_actions, CronTrigger(hour=7, minute=15, timezone="Europe/London")),
    Job(seats.tell_of_missing_leaders, CronTrigger(hour=8, minute=15, timezone="Europe/London")),
    Job(allocations.chase_unanswered_offers, CronTrigger(hour=8, timezone="Europe/London")),
]
LOOPS = [
    Loop(papers.fetch_papers, every_seconds=1.0),
    Loop(agendas.circulate_supplements, every_seconds=2.0),
    Loop(people.fetch_people, every_seconds=2.0),
    Loop(decisions.make_letters, every_seconds=2.0),
]
