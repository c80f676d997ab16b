"""An agenda as one person may read it, line by line: for the page and for JSON alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.access import Seated
from services.panel.queries import agenda as queries
from services.panel.queries.amended import amended_at
from services.panel.queries.arrangements import arranged_at
from services.panel.queries.papers import closed_to_member, latest_papers
from services.panel.queries.queue import as_waiting
from services.panel.rules.arrangements import LATE_ITEM
from services.panel.rules.consent import CLOSED_BECAUSE, reference_for_reader
from services.panel.rules.paper import ages_of, level_in_words, need_labels
from services.panel.rules.queue import waiting_order
from services.panel.tables import AgendaItemRow, PaperRow
from shared.authority import Authority


@dataclass(frozen=True)
class AgendaLine:
    """A family on an agenda.

    `paper` says how its paper stands: ready, fetching, none, not_sent, closed, or a code of CLOSED_BECAUSE in rules/consent.py.
    `ages` and `needs` come from the paper, and are empty for whoever may not read it. `amended_at` is when more was said
    about the request last, or None. `reason` is why somebody took it off this agenda, or on to it late, in their words;
    empty for whoever may not read the paper.
    """

    item: AgendaItemRow
    position: int
    ages: list[str]
    needs: list[str]
    level: str
    waited_days: int
    paper: str
    amended_at: datetime | None
    reason: str
    is_late: bool

    @property
    def is_closed(self) -> bool:
        """Say whether the reader may know no more of this family than that it is on the agenda, and why."""
        return self.paper in CLOSED_BECAUSE

    @property
    def reference(self) -> str:
        """Return the family's reference, empty for whoever has no part in it."""
        return reference_for_reader(self.item.reference, self.paper)


@dataclass(frozen=True)
class AgendaCounts:
    """What an agenda holds, in numbers."""

    families: int
    children: int
    carried_over: int
    step_downs: int


def agenda_lines(
    session: Session, seated: Seated, *, person_id: UUID, today: date, authority: Authority
) -> list[AgendaLine]:
    """Return the agenda's lines in their order; before the closing the order in which they would be heard now."""
    meeting = seated.meeting
    items = _in_order(queries.items_of(session, meeting.id), is_open=meeting.state == "planned")
    latest = latest_papers(session, [item.request_id for item in items]) if meeting.state == "planned" else {}
    closed = closed_to_member(session, meeting, items, person_id)
    amended = amended_at(session, [item.request_id for item in items])
    arranged = {(row.request_id, row.kind): row.reason for row in arranged_at(session, meeting.id)}
    lines = []
    for position, item in enumerate(items, 1):
        paper = latest.get(item.request_id) if meeting.state == "planned" else item.paper
        standing = closed.get(item.id) or _paper_standing(seated, item, paper, today)
        content = paper.content if paper is not None and standing == "ready" else {}
        entry = item.queue_entry
        lines.append(
            AgendaLine(
                item=item,
                position=item.number or position,
                ages=ages_of(content, meeting.held_on),
                needs=need_labels(content),
                level=level_in_words(authority, entry.level_scheme, entry.level_version, entry.level_number),
                waited_days=(min(today, meeting.held_on) - entry.received_on).days,
                paper=standing,
                amended_at=amended.get(item.request_id),
                reason=arranged.get((item.request_id, item.why_not_heard or LATE_ITEM), "")
                if closed.get(item.id, "left") == "left"
                else "",
                is_late=item.number is not None and item.supplement != 0,
            )
        )
    return lines


def counts_of(lines: Sequence[AgendaLine]) -> AgendaCounts:
    """Return the agenda in numbers; somebody who was removed no longer counts."""
    items = [line.item for line in lines if line.item.state != "removed"]
    return AgendaCounts(
        families=len({item.family_id for item in items}),
        children=sum(item.queue_entry.children for item in items),
        carried_over=sum(item.queue_entry.why == "carried_over" for item in items),
        step_downs=sum(item.queue_entry.kind == "step_down" for item in items),
    )


def _in_order(items: Sequence[AgendaItemRow], *, is_open: bool) -> list[AgendaItemRow]:
    if not is_open:
        return list(items)
    by_entry = {item.queue_entry_id: item for item in items}
    return [by_entry[one.entry_id] for one in waiting_order([as_waiting(item.queue_entry) for item in items])]


def _paper_standing(seated: Seated, item: AgendaItemRow, paper: PaperRow | None, today: date) -> str:
    if seated.meeting.state == "planned":
        return "ready" if paper is not None else "fetching"
    if item.number is not None and item.supplement is None:
        return "fetching"
    if not seated.papers_open(today):
        return "not_sent" if seated.awaits_papers else "closed"
    return "ready" if paper is not None else "none"
