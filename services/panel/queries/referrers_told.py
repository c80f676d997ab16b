"""Reads about decisions whose referrer does not know yet, and by when they are to be told."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from services.panel.queries.no_part import has_part_in
from services.panel.rules.decisions import CARRY_OVER
from services.panel.tables import DecisionRow, MeetingRow, PanelRow, ReferrerToldRow
from shared.london import london_date
from shared.working_days import working_days_after

_MOST = 100


class Untold(NamedTuple):
    """A decision of which the referrer does not know yet, and the London date by which they are to."""

    decision: DecisionRow
    due_on: date


def untold_referrers(session: Session, panel_ids: Collection[UUID], person_id: UUID) -> Sequence[Untold]:
    """Return what referrers still have to be told of, the longest waiting first; of a carry-over they hear the new day.

    Nothing of a family in which the person has no part.
    """
    later, told = aliased(DecisionRow), ReferrerToldRow
    rows = session.execute(
        sa.select(DecisionRow, PanelRow.told_within)
        .join(MeetingRow, MeetingRow.id == DecisionRow.meeting_id)
        .join(PanelRow, PanelRow.id == MeetingRow.panel_id)
        .where(
            PanelRow.id.in_(panel_ids),
            DecisionRow.outcome != CARRY_OVER,
            ~sa.exists().where(later.supersedes_id == DecisionRow.id),
            ~sa.exists().where(told.decision_id == DecisionRow.id),
            has_part_in(session, DecisionRow.request_id, person_id),
        )
        .options(joinedload(DecisionRow.agenda_item))
        .order_by(DecisionRow.decided_at)
        .limit(_MOST)
    )
    return [Untold(row[0], working_days_after(london_date(row[0].decided_at), row[1])) for row in rows]
