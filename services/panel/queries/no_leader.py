"""Requests for which nobody who leads their panel may act: each has a conflict, or is of an agency that the family excludes."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.queries.calendar import holders_of
from services.panel.queries.no_part import without_part
from services.panel.queries.queue import OPEN
from services.panel.rules.agenda import LEADING_SEATS
from services.panel.rules.letters import OPEN as OPEN_LETTERS
from services.panel.tables import KnownPersonRow, LetterRow, PanelRow, QueueEntryRow


class WithoutLeader(NamedTuple):
    """A panel, and how many requests wait there, or have an open letter, with nobody who leads it and may act for them."""

    panel: PanelRow
    requests: int


def without_leader(session: Session, panels: Sequence[PanelRow]) -> list[WithoutLeader]:
    """Return which of these panels have such requests; a panel that nobody leads has all of its own."""
    counted = [WithoutLeader(panel, _requests(session, panel.id)) for panel in panels]
    return [one for one in counted if one.requests]


def administrators(session: Session) -> Sequence[UUID]:
    """Return who gives people their seats: the active administrators."""
    statement = sa.select(KnownPersonRow.person_id).where(
        KnownPersonRow.is_active, KnownPersonRow.roles.contains(["administrator"])
    )
    return session.scalars(statement.order_by(KnownPersonRow.person_id).limit(100)).all()


def _requests(session: Session, panel_id: UUID) -> int:
    waits = sa.select(QueueEntryRow.request_id).where(QueueEntryRow.panel_id == panel_id, QueueEntryRow.state.in_(OPEN))
    letters = sa.select(LetterRow.request_id).where(LetterRow.panel_id == panel_id, LetterRow.state.in_(OPEN_LETTERS))
    open_requests = waits.union(letters).subquery()
    of_nobody = [
        open_requests.c.request_id.in_(without_part(session, leader_id))
        for leader_id in holders_of(session, panel_id, seats=LEADING_SEATS)
    ]
    return session.scalars(sa.select(sa.func.count()).select_from(open_requests).where(*of_nobody)).one()
