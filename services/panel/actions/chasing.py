"""Chase actions: remind whoever is to do them before they are due, and tell them and others while they are overdue.

Each time that the authority's rule gives is used once for an action. What a person is to hear at one time is one
fact, however many actions it is about, so that they get one message.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.panel.queries import action_log as reads
from services.panel.queries.action_log import ActionLine
from services.panel.queries.papers import closed_to_agency
from services.panel.rules.action_log import NOT_CHASED
from services.panel.rules.chasing import BEFORE, ChasingRule, chase_number, is_told_beyond_owner
from services.panel.tables import ActionChaseRow
from shared.events.panel import ActionsDue, ActionsOverdue
from shared.london import london_date
from shared.messaging.outbox import announce


@dataclass(frozen=True)
class _Told:
    """Who is told of an action, and as whom: owner, agency or panel; `kind` is person or agency."""

    kind: str
    recipient_id: UUID
    told_as: str


def chase_actions(session: Session, *, rule: ChasingRule, now: datetime) -> int:
    """Announce to each recipient what is due soon or overdue; return how many actions were chased.

    Nobody is asked to act for a family that withdrew, that excludes the agency, or whose newest answer is not here.
    """
    today = london_date(now)
    due = reads.open_lines_due_by(session, today + timedelta(days=rule.remind_days_before))
    had = reads.chases_of(session, [line.action.id for line in due])
    soon: dict[_Told, list[ActionLine]] = {}
    overdue: dict[_Told, list[ActionLine]] = {}
    chased = 0
    for line in due:
        number = chase_number(line.action.due_on, today, rule)
        if number is None or number in had.get(line.action.id, ()) or not _may_be_chased(session, line):
            continue
        if not _use_up(session, line, number, now):
            continue
        chased += 1
        told = soon if number == BEFORE else overdue
        for recipient in _recipients(session, line, beyond_owner=is_told_beyond_owner(number, rule)):
            told.setdefault(recipient, []).append(line)
    _announce_due(session, soon)
    _announce_overdue(session, overdue)
    return chased


def _may_be_chased(session: Session, line: ActionLine) -> bool:
    if line.let_go_because in NOT_CHASED:
        return False
    return not closed_to_agency(session, line.item.request_id, line.action.owner_agency_id)


def _use_up(session: Session, line: ActionLine, number: int, now: datetime) -> bool:
    """Write down that this time is used; say whether nobody had used it before."""
    used = session.execute(
        insert(ActionChaseRow)
        .values(action_id=line.action.id, number=number, chased_at=now)
        .on_conflict_do_nothing()
        .returning(ActionChaseRow.action_id)
    )
    return used.first() is not None


def _recipients(session: Session, line: ActionLine, *, beyond_owner: bool) -> Iterable[_Told]:
    """Return whoever is told: the person who is named and still works for the agency, else the agency; then the others."""
    agency_id, person_id = line.action.owner_agency_id, line.action.owner_person_id
    if person_id is not None and reads.works_for(session, person_id, agency_id):
        yield _Told("person", person_id, "owner")
        if beyond_owner:
            yield _Told("agency", agency_id, "agency")
    else:
        yield _Told("agency", agency_id, "owner")
    if beyond_owner:
        for coordinator_id in reads.coordinators_of(session, line):
            yield _Told("person", coordinator_id, "panel")


def _announce_due(session: Session, soon: Mapping[_Told, list[ActionLine]]) -> None:
    for told, lines in soon.items():
        announce(
            session,
            ActionsDue(
                recipient_kind=told.kind,
                recipient_id=told.recipient_id,
                action_ids=tuple(line.action.id for line in lines),
                reference=_reference(lines),
                due_on=min(line.action.due_on for line in lines),
            ),
        )


def _announce_overdue(session: Session, overdue: Mapping[_Told, list[ActionLine]]) -> None:
    for told, lines in overdue.items():
        announce(
            session,
            ActionsOverdue(
                recipient_kind=told.kind,
                recipient_id=told.recipient_id,
                told_as=told.told_as,
                action_ids=tuple(line.action.id for line in lines),
                reference=_reference(lines),
                due_on=min(line.action.due_on for line in lines),
            ),
        )


def _reference(lines: list[ActionLine]) -> str:
    return lines[0].item.reference if len(lines) == 1 else ""
