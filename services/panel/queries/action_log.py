"""Reads of the action log: actions of standing decisions over all meetings, as far as a person may see them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from services.panel.queries.no_part import has_part_in, with_part_in
from services.panel.queries.papers import agency_names, awaited_answers, latest_papers
from services.panel.rules.action_log import DONE, NOT_CHASED, NOT_NEEDED, OPEN, REOPENED, state_of
from services.panel.rules.consent import why_closed
from services.panel.rules.meeting import RUNS
from services.panel.tables import (
    ActionChaseRow,
    ActionMarkRow,
    ActionRow,
    AgendaItemRow,
    ConflictRow,
    DecisionRow,
    KnownPersonRow,
    MeetingRow,
    PanelRow,
    QueueEntryRow,
    SeatRow,
)
from shared.errors import NotFound
from shared.identity import Person
from shared.paging import LONG_PAGE_SIZE, PageOf, count_of, page_of_lines

OVERDUE = "overdue"
LINES_AT_A_TIME = 1_000


@dataclass(frozen=True)
class ActionLine:
    """An action with where it was decided, and the mark that counts, if there is one."""

    action: ActionRow
    mark: ActionMarkRow | None
    item: AgendaItemRow
    meeting: MeetingRow
    panel: PanelRow
    let_go_because: str | None

    @property
    def state(self) -> str:
        """Return how the action stands."""
        return state_of(self.mark.mark if self.mark else None)


@dataclass(frozen=True)
class Shown:
    """Which part of the log is asked for; None and empty leave nothing out. `mine`: what the person is named for."""

    state: str = ""
    panel_id: UUID | None = None
    agency_id: UUID | None = None
    mine: bool = False


_later_mark = aliased(ActionMarkRow)
_later_decision = aliased(DecisionRow)
_earlier = aliased(AgendaItemRow)
_counts = sa.and_(
    ActionMarkRow.action_id == ActionRow.id, ~sa.exists().where(_later_mark.supersedes_id == ActionMarkRow.id)
)
_BY_DAY = (ActionRow.due_on, MeetingRow.held_on, AgendaItemRow.number, ActionRow.what, ActionRow.id)
_is_stopped = sa.func.coalesce(QueueEntryRow.let_go_because, "").in_(NOT_CHASED)
_is_open = sa.or_(ActionMarkRow.mark.is_(None), ActionMarkRow.mark == REOPENED)


def lines() -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that gives every action of a decision that stands."""
    return _all_lines().where(~sa.exists().where(_later_decision.supersedes_id == DecisionRow.id))


def _all_lines() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(ActionRow, ActionMarkRow, AgendaItemRow, MeetingRow, PanelRow, QueueEntryRow.let_go_because)
        .join(DecisionRow, DecisionRow.id == ActionRow.decision_id)
        .join(AgendaItemRow, AgendaItemRow.id == DecisionRow.agenda_item_id)
        .join(QueueEntryRow, QueueEntryRow.id == AgendaItemRow.queue_entry_id)
        .join(MeetingRow, MeetingRow.id == DecisionRow.meeting_id)
        .join(PanelRow, PanelRow.id == MeetingRow.panel_id)
        .outerjoin(ActionMarkRow, _counts)
    )


def open_lines_due_by(session: Session, day: date) -> Sequence[ActionLine]:
    """Return the open actions that are due by a London date or were due before it, the longest overdue first."""
    statement = lines().where(_is_open, ActionRow.due_on <= day).order_by(*_BY_DAY)
    return [ActionLine(*row) for row in session.execute(statement)]


def lines_of_panel_before(session: Session, meeting: MeetingRow, *, limit: int) -> Sequence[ActionLine]:
    """Return what earlier meetings of the panel asked for that was open when this one was held, or was closed since the last.

    The longest due first, at most `limit`.
    """
    statement = lines().where(MeetingRow.panel_id == meeting.panel_id, MeetingRow.held_on < meeting.held_on)
    last = (
        sa.select(sa.func.max(MeetingRow.ended_at))
        .where(MeetingRow.panel_id == meeting.panel_id, MeetingRow.held_on < meeting.held_on)
        .scalar_subquery()
    )
    statement = statement.where(sa.or_(_is_open, ActionMarkRow.marked_at >= last))
    return [ActionLine(*row) for row in session.execute(statement.order_by(*_BY_DAY).limit(limit))]


def log_page(session: Session, person: Person, shown: Shown, *, today: date, number: int) -> PageOf[ActionLine]:
    """Return a page of the log as this person may see it: what is open by its day, then what ended last."""
    statement = _asked_for(session, person, shown, today)
    return page_of_lines(session, statement, ActionLine, number=number, size=LONG_PAGE_SIZE)


def all_lines(session: Session, person: Person, shown: Shown, *, today: date) -> Iterator[Sequence[ActionLine]]:
    """Yield the whole log as this person may see it, some lines at a time."""
    for rows in session.execute(_asked_for(session, person, shown, today)).partitions(LINES_AT_A_TIME):
        yield [ActionLine(*row) for row in rows]


def counts(session: Session, person: Person, shown: Shown, *, today: date) -> dict[str, int]:
    """Return how many actions stand in each way, with `overdue` among the open ones."""
    return {
        state: count_of(
            session, _asked_for(session, person, Shown(state, shown.panel_id, shown.agency_id, shown.mine), today)
        )
        for state in (OPEN, OVERDUE, DONE, NOT_NEEDED)
    }


def who_has_to_do(session: Session, meeting_id: UUID) -> list[UUID]:
    """Return who is named for an open action that a meeting agreed and that still stands."""
    named = (
        lines().with_only_columns(ActionRow.owner_person_id).where(MeetingRow.id == meeting_id, _is_open, ~_is_stopped)
    )
    owners = named.where(ActionRow.owner_person_id.is_not(None)).distinct().order_by(ActionRow.owner_person_id)
    return [person_id for person_id in session.scalars(owners) if person_id is not None]


def to_do(session: Session, person_id: UUID, *, today: date) -> dict[str, int]:
    """Return how many actions are open and overdue that a person is named for, or that lie with the agency they manage."""
    person = session.get(KnownPersonRow, person_id)
    theirs: list[sa.ColumnElement[bool]] = [ActionRow.owner_person_id == person_id]
    if person is not None and "agency_manager" in person.roles and person.agency_id is not None:
        theirs.append(ActionRow.owner_agency_id == person.agency_id)
    to_be_done = lines().where(_is_open, sa.or_(*theirs), ~_is_stopped)
    return {OPEN: count_of(session, to_be_done), OVERDUE: count_of(session, to_be_done.where(ActionRow.due_on < today))}


def the_line(session: Session, action_id: UUID, person: Person) -> ActionLine:
    """Return an action that this person may see; raises NotFound for any other, also for one that was corrected away."""
    row = session.execute(lines().where(ActionRow.id == action_id, _seen_by(session, person))).one_or_none()
    if row is None:
        raise NotFound("There is no such action, or it is somebody else's.")
    return ActionLine(*row)


def lock_action(session: Session, action_id: UUID) -> None:
    """Lock an action until the transaction ends."""
    session.execute(sa.select(ActionRow.id).where(ActionRow.id == action_id).with_for_update())


def marks_of(session: Session, action_id: UUID) -> list[ActionMarkRow]:
    """Return what was said of an action, oldest first."""
    rows = session.scalars(sa.select(ActionMarkRow).where(ActionMarkRow.action_id == action_id))
    after = {row.supersedes_id: row for row in rows}
    # By what supersedes what, not by the time: a training clock may stand still between two of them.
    marks: list[ActionMarkRow] = []
    while (following := after.get(marks[-1].id if marks else None)) is not None:
        marks.append(following)
    return marks


def runs_panel(session: Session, panel_id: UUID, person: Person) -> bool:
    """Say whether a person leads or prepares the meetings of a panel."""
    statement = sa.exists().where(
        SeatRow.panel_id == panel_id, SeatRow.person_id == person.person_id, SeatRow.seat.in_(RUNS)
    )
    return bool(session.scalar(sa.select(statement)))


def owns(action: ActionRow, person: Person) -> bool:
    """Say whether an action is this person's or their agency's."""
    return person.person_id == action.owner_person_id or (
        person.agency_id is not None and person.agency_id == action.owner_agency_id
    )


def why_words_are_closed(session: Session, found: Sequence[ActionLine], person: Person) -> dict[UUID, str]:
    """Return the actions whose words are closed to a person, each with why: a code of rules/consent.py.

    The family's newest answer decides, whatever it was when the action was agreed.
    """
    request_ids = [line.item.request_id for line in found]
    newest, awaited = latest_papers(session, request_ids), awaited_answers(session, request_ids)
    seats = session.scalars(sa.select(SeatRow).where(SeatRow.person_id == person.person_id)).all()
    names = agency_names(session, {person.agency_id, *(seat.agency_id for seat in seats)})
    prepares = {seat.panel_id for seat in seats if seat.seat == "coordinator"}
    closed = {}
    for line in found:
        paper = newest.get(line.item.request_id)
        took_notes = line.meeting.notes_by == person.person_id and line.panel.id in {seat.panel_id for seat in seats}
        keeps_papers = line.panel.id in prepares or took_notes
        why = why_closed(
            paper.content if paper else None,
            agencies=names,
            is_awaited=line.item.request_id in awaited,
            keeps_papers=keeps_papers,
        )
        if not why and line.let_go_because in NOT_CHASED and not keeps_papers:
            why = "left"
        if why:
            closed[line.action.id] = why
    return closed


def closed_among(session: Session, action_ids: Sequence[UUID], person: Person) -> set[UUID]:
    """Return which of these actions are closed to a person: by a conflict that they declared, or by the family's answer.

    Actions of decisions that were corrected since are among them: minutes that were issued before still say them.
    """
    found = [ActionLine(*row) for row in session.execute(_all_lines().where(ActionRow.id.in_(action_ids)))]
    declared = set(session.scalars(sa.select(_earlier.request_id).where(_declared_by(person.person_id))))
    in_conflict = {line.action.id for line in found if line.item.request_id in declared}
    return in_conflict | why_words_are_closed(session, found, person).keys()


def chases_of(session: Session, action_ids: Sequence[UUID]) -> dict[UUID, dict[int, datetime]]:
    """Return the chases that each action had: when, by their number."""
    had: dict[UUID, dict[int, datetime]] = {}
    for row in session.scalars(sa.select(ActionChaseRow).where(ActionChaseRow.action_id.in_(action_ids))):
        had.setdefault(row.action_id, {})[row.number] = row.chased_at
    return had


def works_for(session: Session, person_id: UUID, agency_id: UUID) -> bool:
    """Say whether a person still works for an agency."""
    person = session.get(KnownPersonRow, person_id)
    return person is not None and person.is_active and person.agency_id == agency_id


def coordinators_of(session: Session, line: ActionLine) -> Sequence[UUID]:
    """Return who coordinates the panel of an action, of those who have a part in its family."""
    statement = (
        sa.select(KnownPersonRow.person_id)
        .join(SeatRow, SeatRow.person_id == KnownPersonRow.person_id)
        .where(SeatRow.panel_id == line.panel.id, SeatRow.seat == "coordinator", KnownPersonRow.is_active)
    )
    found = session.scalars(statement.order_by(KnownPersonRow.person_id)).all()
    return with_part_in(session, line.item.request_id, found)


def _asked_for(session: Session, person: Person, shown: Shown, today: date) -> sa.Select[*tuple[Any, ...]]:
    statement = lines().where(_seen_by(session, person))
    if shown.state in (OPEN, OVERDUE):
        statement = statement.where(_is_open)
    elif shown.state:
        statement = statement.where(ActionMarkRow.mark == shown.state)
    if shown.state == OVERDUE:
        statement = statement.where(ActionRow.due_on < today)
    if shown.panel_id is not None:
        statement = statement.where(PanelRow.id == shown.panel_id)
    if shown.agency_id is not None:
        statement = statement.where(ActionRow.owner_agency_id == shown.agency_id)
    if shown.mine:
        statement = statement.where(ActionRow.owner_person_id == person.person_id)
    ended = sa.case((_is_open, None), else_=ActionMarkRow.marked_at)
    return statement.order_by(ended.desc().nulls_first(), *_BY_DAY)


def _declared_by(person_id: UUID) -> sa.ColumnElement[bool]:
    """Return that an item, of whatever meeting, is one with which a person declared a conflict."""
    return sa.and_(ConflictRow.agenda_item_id == _earlier.id, ConflictRow.person_id == person_id)


def _seen_by(session: Session, person: Person) -> sa.ColumnElement[bool]:
    """Return which actions a person may see: of panels that they run, their agency's, and their own.

    Of panels that they run nothing about a family in which they have no part. What is theirs or their agency's they had
    before the family said no: they see that it is there, and no words (why_words_are_closed). With a conflict that
    they declared they see no action that is not their own.
    """
    mine = ActionRow.owner_person_id == person.person_id
    runs = sa.select(SeatRow.panel_id).where(SeatRow.person_id == person.person_id, SeatRow.seat.in_(RUNS))
    run = sa.and_(PanelRow.id.in_(runs), has_part_in(session, AgendaItemRow.request_id, person.person_id))
    if person.agency_id is None:
        return sa.or_(mine, run)
    in_conflict = sa.exists().where(_earlier.request_id == AgendaItemRow.request_id, _declared_by(person.person_id))
    return sa.or_(mine, run, sa.and_(ActionRow.owner_agency_id == person.agency_id, ~in_conflict))
