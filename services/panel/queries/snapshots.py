"""Reads of months as they were counted when they were over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.rules.periods import Period
from services.panel.rules.statistics import Figures
from services.panel.snapshot_tables import MonthSnapshotRow


@dataclass(frozen=True)
class Snapshot:
    """Months of panels as they were counted, put together. `made_at` is when the last of them was."""

    figures: Figures
    made_at: datetime


def snapshot_of(session: Session, panel_ids: Sequence[UUID], period: Period) -> Snapshot | None:
    """Return what was counted of every month of a period for every one of these panels; None where one is missing.

    A panel that did not exist yet, or has held no meeting before, has no snapshot and is missing nowhere.
    """
    of = MonthSnapshotRow
    rows = session.scalars(
        sa.select(of).where(
            of.panel_id.in_(panel_ids), of.month.between(period.from_on.replace(day=1), period.until_on)
        )
    ).all()
    if {f"{row.month:%Y-%m}" for row in rows} != set(period.months):
        return None
    figures = Figures()
    for row in rows:
        figures = figures.plus(Figures.from_json(row.figures))
    return Snapshot(figures, max(row.made_at for row in rows))


def months_counted(session: Session, panel_id: UUID) -> set[date]:
    """Return the first days of the months that were counted for a panel."""
    return set(session.scalars(sa.select(MonthSnapshotRow.month).where(MonthSnapshotRow.panel_id == panel_id)))


def latest_months(session: Session, panel_ids: Sequence[UUID], *, most: int) -> list[date]:
    """Return the first days of the last months that were counted for any of these panels, the latest first."""
    of = MonthSnapshotRow
    statement = sa.select(of.month.distinct()).where(of.panel_id.in_(panel_ids)).order_by(of.month.desc())
    return list(session.scalars(statement.limit(most)))
