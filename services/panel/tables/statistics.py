"""What was counted of a month when it was over."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.panel.tables.base import Base


class MonthSnapshotRow(Base):
    """A panel's figures of a month as they stood when it was over: written once, never changed.

    `month` is its first day. What is recorded late changes what is counted today, and not this.
    """

    __tablename__ = "month_snapshot"

    panel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    figures: Mapped[dict[str, Any]]
