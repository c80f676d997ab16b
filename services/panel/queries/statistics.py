"""Reads that count: families on agendas, how long they waited, what agencies answered, who came. No family is named."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from services.panel.queries.attendance_counts import attendance, meetings_held
from services.panel.rules.decisions import ALLOCATE, CARRY_OVER
from services.panel.rules.periods import Period, month_key
from services.panel.rules.statistics import (
    ALL,
    NOT_HEARD,
    RANK,
    TAKEN_OFF,
    Count,
    Figures,
    added_up,
)
from services.panel.tables import (
    AgendaItemRow,
    AllocationRow,
    DecisionChildRow,
    DecisionRow,
    KnownServiceRow,
    MeetingRow,
    PanelRow,
    PaperRow,
    QueueEntryRow,
)
from shared.london import london_instant

Entry = tuple[str, str, Count]

_WITH_REASON = {"not_accepted": "not_accepted", CARRY_OVER: "carried_over"}
"""Decisions that are counted by their reason, with the name of that breakdown."""


def figures_of(session: Session, panel_ids: Sequence[UUID], period: Period) -> Figures:
    """Return what is counted of these panels in a period: every decision as it stands now."""
    # Sorting a hundred thousand families on disk takes twice as long.
    session.execute(sa.text("SET LOCAL work_mem = '64MB'"))
    entries = [*_on_agendas(session, panel_ids, period), *answers(session, panel_ids, period)]
    return Figures(meetings_held(session, panel_ids, period), added_up(entries), attendance(session, panel_ids, period))


def different_families(session: Session, panel_ids: Sequence[UUID], period: Period) -> Count:
    """Return how many different families were heard, each counted once however often it was, and their children."""
    families = _families(panel_ids, period)
    each = sa.select(sa.func.max(families.c.children).label("children")).where(families.c.outcome.not_in(NOT_HEARD))
    once = each.group_by(families.c.family_id).subquery()
    row = session.execute(sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(once.c.children), 0))).one()
    return Count(*row)


def first_meeting_on(session: Session) -> date | None:
    """Return the day of the first meeting that ended; None when none has."""
    return session.scalar(sa.select(sa.func.min(MeetingRow.held_on)).where(MeetingRow.state == "ended"))


def _families(panel_ids: Sequence[UUID], period: Period) -> sa.CTE:
    """Return one row for each family and meeting: what became of it, and since when it had waited."""
    later = aliased(DecisionRow)
    stands = ~sa.exists().where(later.supersedes_id == DecisionRow.id)
    outcome = sa.case((AgendaItemRow.state == "removed", TAKEN_OFF), else_=DecisionRow.outcome)
    of_family = (AgendaItemRow.meeting_id, AgendaItemRow.family_id)
    return (
        sa.select(
            MeetingRow.held_on,
            PanelRow.key.label("panel"),
            AgendaItemRow.family_id,
            DecisionRow.id.label("decision_id"),
            outcome.label("outcome"),
            _because(outcome).label("because"),
            QueueEntryRow.level_scheme,
            QueueEntryRow.level_version,
            QueueEntryRow.level_number,
            PaperRow.locality,
            AllocationRow.agency_id,
            DecisionRow.details["needs"].label("needs"),
            DecisionRow.details["unmet_needs"].label("unmet_needs"),
            (_decided_on() - sa.func.min(QueueEntryRow.received_on).over(partition_by=of_family)).label("days"),
            (~_heard_before()).label("is_first"),
            sa.func.max(QueueEntryRow.children).over(partition_by=of_family).label("children"),
        )
        .ext(distinct_on(AgendaItemRow.meeting_id, AgendaItemRow.family_id))
        .join(MeetingRow, MeetingRow.id == AgendaItemRow.meeting_id)
        .join(PanelRow, PanelRow.id == MeetingRow.panel_id)
        .join(QueueEntryRow, QueueEntryRow.id == AgendaItemRow.queue_entry_id)
        .outerjoin(PaperRow, PaperRow.id == AgendaItemRow.paper_id)
        .outerjoin(DecisionRow, sa.and_(DecisionRow.agenda_item_id == AgendaItemRow.id, stands))
        .outerjoin(AllocationRow, AllocationRow.decision_id == DecisionRow.id)
        .where(
            MeetingRow.panel_id.in_(panel_ids),
            MeetingRow.held_on.between(period.from_on, period.until_on),
            AgendaItemRow.number.is_not(None),
            sa.or_(AgendaItemRow.state == "removed", DecisionRow.id.is_not(None)),
        )
        .order_by(
            AgendaItemRow.meeting_id,
            AgendaItemRow.family_id,
            sa.case({code: rank for rank, code in enumerate(RANK)}, value=outcome, else_=RANK.index(ALLOCATE)),
            AgendaItemRow.number,
            AllocationRow.offered_at,
        )
        .cte("families")
    )


def _decided_on() -> sa.ColumnElement[date]:
    """Return until which London date a family waited: an urgent decision did not wait for its meeting."""
    between = sa.cast(sa.func.timezone("Europe/London", DecisionRow.decided_at), sa.Date)
    return sa.case((DecisionRow.urgent_because.is_not(None), between), else_=MeetingRow.held_on)


def _because(outcome: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    return sa.case((outcome.in_(_WITH_REASON), DecisionRow.details["reason"].astext))


def _heard_before() -> sa.ColumnElement[bool]:
    earlier_item, earlier = aliased(AgendaItemRow), aliased(MeetingRow)
    return (
        sa.exists()
        .where(earlier_item.request_id == AgendaItemRow.request_id, earlier_item.state == "heard")
        .where(earlier.id == earlier_item.meeting_id, earlier.held_on < MeetingRow.held_on)
    )


def _parts(families: sa.CTE) -> sa.CTE:
    """Return the families again, and a row of its own for each child about whom something else was decided."""
    child = DecisionChildRow
    differs = sa.or_(child.outcome.is_not(None), child.service_id.is_not(None))
    apart = sa.select(child.decision_id, sa.func.count().label("children")).where(differs).group_by(child.decision_id)
    counts = apart.subquery()
    of = families.c
    own_outcome = sa.func.coalesce(child.outcome, of.outcome)
    own_agency = sa.func.coalesce(KnownServiceRow.agency_id, sa.case((own_outcome == of.outcome, of.agency_id)))
    together = sa.select(*_columns(of), sa.literal(1).label("families")).add_columns(
        (of.children - sa.func.coalesce(counts.c.children, 0)).label("children")
    )
    alone = sa.select(*_columns(of, outcome=own_outcome, agency_id=own_agency), sa.literal(0), sa.literal(1))
    return sa.union_all(
        together.outerjoin(counts, counts.c.decision_id == of.decision_id),
        alone.join(child, child.decision_id == of.decision_id)
        .outerjoin(KnownServiceRow, KnownServiceRow.service_id == child.service_id)
        .where(differs),
    ).cte("parts")


def _columns(of: Any, **own: sa.ColumnElement[Any]) -> list[sa.ColumnElement[Any]]:
    names = ("held_on", "panel", "outcome", "because", "level_scheme", "level_version", "level_number", "locality")
    more = ("agency_id", "needs", "unmet_needs", "days", "is_first")
    return [own.get(name, of[name]).label(name) for name in (*names, *more)]


def _on_agendas(session: Session, panel_ids: Sequence[UUID], period: Period) -> Iterator[Entry]:
    """Yield the counts of families on agendas by all their breakdowns, in one pass over them."""
    of = _parts(_families(panel_ids, period)).c
    month = sa.func.to_char(of.held_on, "YYYY-MM").label("month")
    is_heard = of.outcome.not_in(NOT_HEARD).label("is_heard")
    level = (of.level_scheme, of.level_version, of.level_number)
    sets = {
        "outcome_in_month": (of.outcome, month),
        "because": (of.outcome, of.because),
        "panel": (is_heard, of.panel),
        "level": (is_heard, *level),
        "locality": (is_heard, of.locality),
        "agency": (of.outcome, of.agency_id),
        "need": (of.outcome, of.needs),
        "unmet_need": (is_heard, of.unmet_needs),
        "waited_first_heard": (is_heard, of.is_first, of.days),
        "waited_allocated": (of.outcome, of.days),
    }
    columns = list(dict.fromkeys(column for columns in sets.values() for column in columns))
    asked = sa.select(
        sa.func.grouping(*columns), *columns, sa.func.sum(of.families), sa.func.sum(of.children)
    ).group_by(sa.func.grouping_sets(*(sa.tuple_(*one) for one in sets.values())))
    names = {_grouping(columns, one): (name, [columns.index(each) for each in one]) for name, one in sets.items()}
    for which, *row in session.execute(asked):
        name, places = names[which]
        yield from _entries(name, [row[place] for place in places], Count(*map(int, row[-2:])))


def _grouping(columns: list[Any], chosen: Sequence[Any]) -> int:
    """Return what PostgreSQL says of a row of this set: a bit for each column, set where it is not of the set."""
    return int("".join("0" if column in chosen else "1" for column in columns), 2)


def _entries(name: str, values: list[Any], count: Count) -> Iterator[Entry]:
    """Yield what a row of one of the sets counts for; its first value says whether it does."""
    of, *code = values
    if name == "outcome_in_month":
        yield from _of_outcome(of, code[0], count)
    elif name == "because":
        if of in _WITH_REASON:
            yield _WITH_REASON[of], code[0] or "other", count
    elif of is True or of == ALLOCATE:
        yield from _of_code(name, code, count)


def _of_outcome(outcome: str, month: str, count: Count) -> Iterator[Entry]:
    yield "on_agendas", ALL, count
    yield "outcome", outcome, count
    yield "outcome_in_month", f"{outcome}|{month}", count
    if outcome not in NOT_HEARD:
        yield "heard", ALL, count
        yield "month", month, count


def _of_code(name: str, code: list[Any], count: Count) -> Iterator[Entry]:
    if name in ("need", "unmet_need"):
        yield from ((name, need, count) for need in code[0] or ())
        if name == "unmet_need" and code[0]:
            yield "unmet", ALL, count
    elif name != "waited_first_heard" or code.pop(0):
        yield name, "|".join("" if part is None else str(part) for part in code), count


def answers(session: Session, panel_ids: Sequence[UUID], period: Period) -> Iterator[Entry]:
    """Yield what agencies answered in a period to offers that these panels' meetings made, and how long that had taken."""
    since = london_instant(period.from_on, 0)
    until = london_instant(period.until_on + timedelta(days=1), 0)
    answered_on = sa.cast(sa.func.timezone("Europe/London", AllocationRow.answered_at), sa.Date)
    days = answered_on - AllocationRow.received_on
    once = (
        sa.select(AllocationRow.state, AllocationRow.agency_id, AllocationRow.declined_because, AllocationRow.children)
        .add_columns(days.label("days"))
        .ext(distinct_on(AllocationRow.meeting_id, AllocationRow.family_id, AllocationRow.state))
        .join(MeetingRow, MeetingRow.id == AllocationRow.meeting_id)
        .where(MeetingRow.panel_id.in_(panel_ids), AllocationRow.state.in_(("accepted", "declined")))
        .where(AllocationRow.answered_at >= since, AllocationRow.answered_at < until)
        .order_by(AllocationRow.meeting_id, AllocationRow.family_id, AllocationRow.state, AllocationRow.answered_at)
        .subquery()
    )
    alike = (once.c.state, once.c.agency_id, once.c.declined_because, once.c.days)
    statement = sa.select(*alike, sa.func.count(), sa.func.sum(once.c.children)).group_by(*alike)
    for state, agency, because, length, number, children in session.execute(statement):
        count = Count(number, children)
        if state == "accepted":
            yield "accepted", ALL, count
            yield "accepted_by", str(agency), count
            yield "waited_accepted", str(length), count
        else:
            yield "returned", because or "other", count
            yield "returned_by", str(agency), count


def months_of(first: date, today: date) -> list[str]:
    """Return the full months from that of `first` to the last one before today."""
    return [key for key in Period(first, today).months if key < month_key(today)]
