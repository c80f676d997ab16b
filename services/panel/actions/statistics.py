"""Keep what was counted of a month, once, when it is over."""

from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.panel.queries import calendar as calendar_queries
from services.panel.queries.snapshots import months_counted
from services.panel.queries.statistics import figures_of, first_meeting_on, months_of
from services.panel.rules.periods import MOST_MONTHS, month_of
from services.panel.tables import MonthSnapshotRow
from shared.audit import record
from shared.london import london_date


def count_months(session: Session, now: datetime) -> int:
    """Count the months that are over and were not counted yet, for each panel; return how many there were.

    Usually the last month; after an outage those before it too, back to the first meeting that was held.
    """
    first = first_meeting_on(session)
    if first is None:
        return 0
    counted = 0
    for panel in calendar_queries.panels(session):
        done = months_counted(session, panel.id)
        for key in months_of(first, london_date(now))[-MOST_MONTHS:]:
            month = date.fromisoformat(f"{key}-01")
            if month in done:
                continue
            figures = figures_of(session, [panel.id], month_of(month))
            # Another clock may have been as quick: the first count stays.
            session.execute(
                insert(MonthSnapshotRow)
                .values(panel_id=panel.id, month=month, made_at=now, figures=figures.as_json())
                .on_conflict_do_nothing()
            )
            record(session, who="panel", did="counted_month", subject="panel", subject_id=panel.key, month=key)
            counted += 1
    return counted
