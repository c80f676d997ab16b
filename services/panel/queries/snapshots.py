"""Reads of months as they were counted when they were over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.rules.periods import Period, month_key
from services.panel.rules.statistics import Figures
from services.panel.tables import MonthSnapshotRow, PanelRow


@dataclass(frozen=True)
class Snapshot:
    """Figures of panels as they were counted, put together. `made_at` is when the last of them was."""

    figures: Figures
    made_at: datetime

    def plus(self, other: "Snapshot") -> "Snapshot":
        """Return both together."""
        return Snapshot(self.figures.plus(other.figures), max(self.made_at, other.made_at))


def snapshots_of(session: Session, panel_ids: Sequence[UUID], period: Period) -> dict[str, Snapshot]:
    """Return what was counted of these panels, by month as `2026-11`; a month that was not counted is not there."""
    of = MonthSnapshotRow
    statement = sa.select(of).where(of.panel_id.in_(panel_ids))
    rows = session.scalars(statement.where(of.month.between(period.from_on.replace(day=1), period.until_on)))
    found: dict[str, Snapshot] = {}
    for row in rows:
        one, key = Snapshot(Figures.from_json(row.figures), row.made_at), month_key(row.month)
        found[key] = found[key].plus(one) if key in found else one
    return found


def snapshot_of(session: Session, panel_ids: Sequence[UUID], period: Period) -> Snapshot | None:
    """Return what was counted of all months of a period together; None where one was not counted yet."""
    found = snapshots_of(session, panel_ids, period)
    if set(found) != set(period.months):
        return None
    return reduce(Snapshot.plus, found.values())


def figures_by_panel(session: Session, panels: Sequence[PanelRow], period: Period) -> dict[str, Figures]:
    """Return what was counted of each of these panels in a period, by its key; one that was not counted is not there."""
    kept = {panel.key: snapshots_of(session, [panel.id], period).values() for panel in panels}
    return {key: reduce(Snapshot.plus, months).figures for key, months in kept.items() if months}


def months_counted(session: Session, panel_id: UUID) -> set[date]:
    """Return the first days of the months that were counted for a panel."""
    return set(session.scalars(sa.select(MonthSnapshotRow.month).where(MonthSnapshotRow.panel_id == panel_id)))
