"""The calendar: a month as a picture with its meetings beside it, and each as an entry for one's own calendar."""

from calendar import Calendar
from datetime import date, timedelta
from uuid import UUID

from dateutil.relativedelta import relativedelta
from flask import render_template, request
from flask.typing import ResponseReturnValue

from services.panel.access import panels_seen_by, seated_at
from services.panel.both_doors.calendar_file import calendar_file
from services.panel.pages import pages
from services.panel.queries import calendar as queries
from services.panel.rules.rescheduling import AHEAD
from shared.authority import is_closed
from shared.bank_holidays import bank_holidays_of
from shared.errors import NotFound
from shared.web.access import current_person, needs
from shared.web.app import database, resources, today

_BACK = timedelta(days=366)
_FRIDAY = 4


@pages.get("/calendar")
@needs("coordinator", "panel_member", "administrator")
def calendar() -> ResponseReturnValue:
    """Show a month of meetings, this one unless another is asked for."""
    first = _month_asked_for()
    last = first + relativedelta(months=1, days=-1)
    with database().read() as session:
        panels = panels_seen_by(session, current_person())
        panel_ids = [panel.id for panel in panels]
        found = queries.meetings_between(session, panel_ids, first, last, with_cancelled=True)
    by_day: dict[date, list[object]] = {}
    for meeting in found:
        by_day.setdefault(meeting.held_on, []).append(meeting)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    is_at_weekend = any(day.weekday() > _FRIDAY for day in by_day)
    closures = resources().authority.closures
    return render_template(
        "panel/meetings/calendar.html",
        first=first,
        before=_within(first - relativedelta(months=1)),
        after=_within(first + relativedelta(months=1)),
        weeks=[week if is_at_weekend else week[: _FRIDAY + 1] for week in weeks],
        by_day=by_day,
        meetings=found,
        panels=panels,
        closed={day for week in weeks for day in week if is_closed(closures, day)},
        holidays={day for week in weeks for day in week if day in bank_holidays_of(day.year)},
        closures=[one for one in closures if any(one.covers(day) for week in weeks for day in week)],
        today=today(),
    )


@pages.get("/meetings/<uuid:meeting_id>/invitation.ics")
@needs("coordinator", "panel_member", "administrator")
def invitation(meeting_id: UUID) -> ResponseReturnValue:
    """Give a meeting as an entry for the person's own calendar."""
    with database().read() as session:
        meeting = seated_at(session, meeting_id, current_person()).meeting
        return calendar_file(meeting)


def _month_asked_for() -> date:
    asked = request.args.get("month", "")
    if not asked:
        return today().replace(day=1)
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError as error:
        raise NotFound("There is no such month.") from error
    if _within(first) is None:
        raise NotFound("The calendar shows the last year and two years ahead.")
    return first


def _within(first: date) -> date | None:
    """Return a month's first day, if the calendar reaches so far."""
    earliest, latest = (today() - _BACK).replace(day=1), (today() + AHEAD).replace(day=1)
    return first if earliest <= first <= latest else None
