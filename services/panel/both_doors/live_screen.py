"""A meeting that sits as one person may see it: for who runs it, for whoever follows, and as JSON."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.access import Seated
from services.panel.queries import calendar as calendar_reads
from services.panel.queries import meeting as reads
from services.panel.queries import stand as stand_reads
from services.panel.queries.papers import closed_to_member, closed_to_members
from services.panel.queries.stand import Stand
from services.panel.rules import meeting as rules
from services.panel.rules.agenda import SEATS
from services.panel.rules.consent import HIDES_DECISION, NO_PART, reference_for_reader
from services.panel.rules.decisions import OUTCOMES
from services.panel.rules.quorum import There, missing_for_quorum
from services.panel.rules.stand import TO_HEAR, next_to_hear
from services.panel.tables import (
    AcknowledgementRow,
    AgendaItemRow,
    AttendanceRow,
    DecisionRow,
    MeetingRow,
    NoteRow,
    UnsavedRow,
)
from shared.authority import Authority
from shared.identity import Person
from shared.london import london_date


@dataclass(frozen=True)
class ScreenItem:
    """A family on the agenda. `closed` says why it is closed to who looks (rules/consent.py); then nothing else is said."""

    item: AgendaItemRow
    closed: str
    has_paper: bool
    outcome: str
    decided_at: datetime | None
    in_conflict: list[str]
    left_at: datetime | None
    is_now: bool
    is_next: bool

    @property
    def reference(self) -> str:
        """Return the family's reference, empty for whoever has no part in it."""
        return reference_for_reader(self.item.reference, self.closed)

    @property
    def standing(self) -> str:
        """Return where the item stands: now, decided, removed, later, to_hear."""
        if self.is_now:
            return "now"
        if self.item.state == "removed":
            return "removed"
        if self.item.state not in TO_HEAR:
            return "decided"
        return "later" if self.left_at else "to_hear"


@dataclass(frozen=True)
class Attendee:
    """Somebody with a seat, and whether they are there."""

    person_id: UUID
    name: str
    agency: str
    seat: str
    attendance: AttendanceRow | None
    acknowledgement: AcknowledgementRow | None

    @property
    def presence(self) -> str:
        """Return a code of PRESENCE, empty while nobody has said."""
        return self.attendance.presence if self.attendance else ""

    @property
    def is_here(self) -> bool:
        """Say whether they, or somebody in their place, are in the room."""
        return self.presence in rules.HERE


@dataclass(frozen=True)
class Screen:
    """A meeting with everything that its screens show to this person."""

    meeting: MeetingRow
    stand: Stand
    items: list[ScreenItem]
    attendees: list[Attendee]
    me: Attendee | None
    runs: bool
    chair: str
    note_taker: str
    quorum_missing: list[str]
    has_quorum_rule: bool
    statement: str
    notes: dict[UUID, NoteRow] = field(default_factory=dict)
    unsaved: Sequence[UnsavedRow] = ()

    @property
    def now(self) -> ScreenItem | None:
        """Return the item that is heard."""
        return next((item for item in self.items if item.is_now), None)

    @property
    def next(self) -> ScreenItem | None:
        """Return the item to hear next."""
        return next((item for item in self.items if item.is_next), None)

    @property
    def closed_ids(self) -> list[str]:
        """Return the items whose papers are closed to who looks."""
        return [str(one.item.id) for one in self.items if one.closed]

    @property
    def here(self) -> int:
        """Return how many are there."""
        return sum(one.is_here for one in self.attendees)

    @property
    def not_told(self) -> list[str]:
        """Return the names of those who are there and have not acknowledged the statement."""
        return [one.name for one in self.attendees if one.is_here and one.acknowledgement is None]

    @property
    def not_recorded(self) -> list[str]:
        """Return the names of those of whom nobody has said whether they are there."""
        return [one.name for one in self.attendees if not one.presence]

    @property
    def heard(self) -> int:
        """Return how many items were decided."""
        return sum(item.item.state in ("heard", "carried_over") for item in self.items)

    @property
    def to_hear(self) -> int:
        """Return how many items there are to hear in all."""
        return sum(item.item.state != "removed" for item in self.items)


@dataclass(frozen=True)
class _Common:
    """What the screens of a meeting have in common, before what is closed to who looks is taken away.

    `closed` says for each person with a seat what is closed to them. Whatever closes or opens a paper gives a meeting
    that is followed its next version (actions/stand.py), so that what is kept for one version never shows it.
    """

    items: Sequence[AgendaItemRow]
    decisions: dict[UUID, DecisionRow]
    in_conflict: dict[UUID, list[str]]
    left: dict[UUID, datetime]
    attendees: list[tuple[Attendee, There]]
    closed: dict[UUID, dict[UUID, str]]
    chair: str
    note_taker: str


class _Remembered:
    """What the screens of a meeting had in common last: sixty of them ask for one version in the same moment.

    It is forgotten after a second, so that what has no part in the version, such as a name, is not shown for long.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._common: dict[tuple[UUID, int, str], tuple[float, _Common]] = {}

    def common(self, session: Session, meeting: MeetingRow, version: int, statement: str) -> _Common:
        """Return it, read anew by one of those who ask while the others wait."""
        key = (meeting.id, version, statement)
        with self._lock:
            until, common = self._common.get(key, (0.0, None))
            if common is None or until < time.monotonic():
                common = _read_common(session, meeting, statement)
                now = time.monotonic()
                self._common = {one: kept for one, kept in self._common.items() if kept[0] >= now}
                self._common[key] = (now + _REMEMBERED_SECONDS, common)
            return common


_REMEMBERED_SECONDS = 1.0
_remembered = _Remembered()


def screen_of(
    session: Session,
    meeting: MeetingRow,
    person: Person,
    authority: Authority,
    now: datetime,
    *,
    is_one_of_many: bool = False,
) -> Screen:
    """Return a meeting as somebody with a seat at its panel may see it; raises NotFound for anybody else.

    With `is_one_of_many`, what everybody's screen has in common, of a meeting that sits, may be what it was up to a
    second ago. What is closed to this person is of the version that was just looked up.
    """
    parts = reads.parts_of(session, meeting, person.person_id)
    rules.check_may_see(parts)
    runs = bool(rules.RUNS.intersection(parts))
    stand = stand_reads.stand_of(session, meeting.id)
    statement = authority.confidentiality
    if is_one_of_many and meeting.state == "in_session":
        common = _remembered.common(session, meeting, stand.version, statement.version)
    else:
        common = _read_common(session, meeting, statement.version)
    quorum = meeting.panel.quorum
    attendees = common.attendees
    return Screen(
        meeting=meeting,
        stand=stand,
        items=_items(session, meeting, stand, common, person, now, runs=runs),
        attendees=[one for one, _ in attendees],
        me=next((one for one, _ in attendees if one.person_id == person.person_id), None),
        runs=runs,
        chair=common.chair,
        note_taker=common.note_taker,
        quorum_missing=missing_for_quorum(quorum, [there for one, there in attendees if one.is_here]),
        has_quorum_rule=quorum.is_on,
        statement=statement.text,
        notes=stand_reads.notes_of(session, meeting.id) if runs else {},
        unsaved=stand_reads.unsaved_at(session, meeting.id) if runs else (),
    )


def _read_common(session: Session, meeting: MeetingRow, statement: str) -> _Common:
    items = reads.items_of(session, meeting.id)
    conflicts = reads.conflicts_of(session, [item.id for item in items])
    people = {row.person_id for rows in conflicts.values() for row in rows}
    names = reads.people_of(session, {meeting.chaired_by, meeting.notes_by, *people})
    attendees = _attendees(session, meeting, statement)
    return _Common(
        items=items,
        decisions=reads.standing_decisions(session, meeting.id),
        in_conflict={item_id: [names[row.person_id] for row in rows] for item_id, rows in conflicts.items()},
        left=stand_reads.left_for_later(session, meeting.id),
        attendees=attendees,
        closed=closed_to_members(session, meeting, items, [one.person_id for one, _ in attendees]),
        chair=names[meeting.chaired_by] if meeting.chaired_by else "",
        note_taker=names[meeting.notes_by] if meeting.notes_by else "",
    )


def _items(
    session: Session, meeting: MeetingRow, stand: Stand, common: _Common, person: Person, now: datetime, *, runs: bool
) -> list[ScreenItem]:
    closed = common.closed.get(person.person_id)
    if closed is None:
        closed = closed_to_member(session, meeting, common.items, person.person_id)
    to_come = next_to_hear(stand_reads.hearable(common.items, common.left), stand.item_id)
    seat = calendar_reads.seat_of(session, meeting.panel_id, person.person_id)
    readable = Seated(meeting, seat.seat if seat else "").papers_open(london_date(now))
    shown = []
    for item in common.items:
        why = closed.get(item.id, "")
        hides = NO_PART if runs else HIDES_DECISION
        decision = None if why in hides else common.decisions.get(item.id)
        shown.append(
            ScreenItem(
                item=item,
                closed=why,
                has_paper=readable and item.paper_id is not None and not why,
                outcome=OUTCOMES[decision.outcome].label if decision else "",
                decided_at=decision.decided_at if decision else None,
                in_conflict=common.in_conflict.get(item.id, []),
                left_at=common.left.get(item.id),
                is_now=item.id == stand.item_id,
                is_next=item.id == to_come,
            )
        )
    return shown


def _attendees(session: Session, meeting: MeetingRow, version: str) -> list[tuple[Attendee, There]]:
    attended = stand_reads.attended(session, meeting.id)
    acknowledged = stand_reads.acknowledged_by(session, meeting.id, version)
    found = []
    for line in calendar_reads.seats_of(session, meeting.panel_id):
        if (person_id := line.seat.person_id) is None:
            continue
        attendee = Attendee(
            person_id=person_id,
            name=line.person or reads.UNNAMED,
            agency=line.agency or "",
            seat=SEATS.get(line.seat.seat, line.seat.seat),
            attendance=attended.get(person_id),
            acknowledgement=acknowledged.get(person_id),
        )
        found.append((attendee, There(line.seat.agency_id, line.seat.seat, line.seat.role)))
    return found
