"""Families that triage sends to a panel, and what stands in the calendar and on the agendas."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from services.panel.jobs.agendas import close_agendas
from services.panel.tables import AgendaItemRow, MeetingRow, PanelRow, QueueEntryRow
from shared.events.referrals import RequestReadyForPanel
from shared.references import new_reference
from tests.integration.conftest import Running
from tests.integration.panel.sitting import a_paper


def a_request(**changes: Any) -> RequestReadyForPanel:
    """Return the fact that triage sent a request to the allocation panel."""
    fact = RequestReadyForPanel(
        request_id=uuid4(),
        family_id=uuid4(),
        reference=new_reference(),
        kind="request",
        panel_key="ehap",
        urgency="routine",
        received_on=date(2026, 10, 30),
        children=2,
        level_scheme="bathnes",
        level_version="2024",
        level_number=3,
    )
    return replace(fact, **changes)


def asks(running: Running, **changes: Any) -> RequestReadyForPanel:
    """Let triage send a request whose paper the referrals service has; return the fact."""
    fact = a_request(**changes)
    has_paper(running, fact)
    running.hears(fact)
    return fact


def has_paper(running: Running, fact: RequestReadyForPanel, **changes: Any) -> None:
    """Let the referrals service have this paper for a request."""
    paper = a_paper(fact.reference) | changes
    running.neighbours.answers[("referrals", f"/requests/{fact.request_id}/paper")] = paper


def meetings(running: Running, key: str = "ehap") -> Sequence[MeetingRow]:
    """Return a panel's meetings in order."""
    with running.database.read() as session:
        return session.scalars(
            sa.select(MeetingRow).join(MeetingRow.panel).where(PanelRow.key == key).order_by(MeetingRow.held_on)
        ).all()


def next_meeting(running: Running, key: str = "ehap") -> MeetingRow:
    """Return the panel's first meeting whose agenda is open."""
    return next(one for one in meetings(running, key) if one.agenda_closes_at > running.clock.at)


def set_places(running: Running, places: int) -> None:
    """Give every meeting this many places."""
    with running.database.begin() as session:
        session.execute(sa.update(MeetingRow).values(places=places))


def items(running: Running, meeting_id: UUID) -> Sequence[AgendaItemRow]:
    """Return a meeting's items by number, those without one first."""
    with running.database.read() as session:
        return session.scalars(
            sa.select(AgendaItemRow)
            .where(AgendaItemRow.meeting_id == meeting_id)
            .order_by(AgendaItemRow.number.nulls_first(), AgendaItemRow.reference)
        ).all()


def references(running: Running, meeting_id: UUID) -> list[str]:
    """Return the references on an agenda, in the order of their numbers."""
    return [item.reference for item in items(running, meeting_id) if item.number]


def entry(running: Running, request_id: UUID) -> QueueEntryRow:
    """Return the newest queue entry of a request."""
    with running.database.read() as session:
        return session.scalars(
            sa.select(QueueEntryRow)
            .where(QueueEntryRow.request_id == request_id)
            .order_by(QueueEntryRow.queued_at.desc())
            .limit(1)
        ).one()


def comes(running: Running, instant: datetime) -> None:
    """Let the clock show an instant, and the job run that closes agendas."""
    running.clock.at = instant
    close_agendas(running.resources, instant)
