"""Agendas: closed at their cut-off, ordered, numbered, their papers frozen and circulated."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.actions.circulation import freeze, send_out_if_due
from services.panel.actions.papers import keep_paper
from services.panel.queries import agenda as queries
from services.panel.queries import calendar as calendar_queries
from services.panel.queries import papers as paper_queries
from services.panel.queries.queue import as_waiting
from services.panel.rules.queue import waiting_order
from services.panel.tables import AgendaItemRow
from shared.audit import record
from shared.authority import Authority
from shared.errors import Conflict


class AgendaMoved(Conflict):
    """The agenda is not the one for which papers were fetched; look at it again."""


def close_agenda(
    session: Session,
    meeting_id: UUID,
    papers: Mapping[UUID, Mapping[str, Any] | None],
    *,
    asked_at: datetime,
    authority: Authority,
    now: datetime,
) -> None:
    """Close a meeting's agenda: number the families, freeze their papers, and send them out once it is time.

    `papers` holds what the referrals service gave for each request on the agenda when it was asked at `asked_at`;
    None where it has no such paper any more: then the newest that was kept goes, if there is one. Does nothing when
    the agenda is closed already. Raises AgendaMoved when somebody came on to the agenda meanwhile, or a family has
    answered anew about sharing.
    """
    panel_id = calendar_queries.meeting_by_id(session, meeting_id).panel_id
    calendar_queries.lock_panel(session, panel_id)
    meeting = calendar_queries.meeting_by_id(session, meeting_id, lock=True)
    if meeting.state != "planned":
        return
    items = [item for item in queries.items_of(session, meeting_id) if item.state in ("placed", "to_ratify")]
    if any(item.request_id not in papers for item in items):
        raise AgendaMoved("Somebody came on to this agenda while it was being closed.")
    ordered = _number(items)
    for item in ordered:
        freeze_paper(session, item, papers[item.request_id], asked_at=asked_at, now=now)
    if paper_queries.awaited_answers(session, [request_id for request_id, paper in papers.items() if paper]):
        raise AgendaMoved("A family has answered anew about sharing while this agenda was being closed.")
    meeting.state, meeting.agenda_closed_at, meeting.sequence = "agenda_closed", now, meeting.sequence + 1
    freeze(session, meeting, ordered, authority, now=now)
    record(session, who="panel", did="closed_agenda", subject="meeting", subject_id=meeting.id, items=len(ordered))
    send_out_if_due(session, meeting, now=now)


def _number(items: list[AgendaItemRow]) -> list[AgendaItemRow]:
    by_entry = {item.queue_entry_id: item for item in items}
    ordered = [by_entry[one.entry_id] for one in waiting_order([as_waiting(item.queue_entry) for item in items])]
    for number, item in enumerate(ordered, 1):
        item.number = number
    return ordered


def freeze_paper(
    session: Session, item: AgendaItemRow, content: Mapping[str, Any] | None, *, asked_at: datetime, now: datetime
) -> None:
    """Give an item the paper that it is heard with: the one just asked for, or where there is none any more the newest."""
    if content is not None:
        item.paper = keep_paper(session, item.request_id, content, asked_at=asked_at, now=now)
    else:
        item.paper = paper_queries.latest_paper(session, item.request_id)
