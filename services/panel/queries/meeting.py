"""Reads about a meeting that sits: who has a seat, who is there, what was decided and by whom."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from services.panel.rules.meeting import NOTE_TAKER
from services.panel.tables import (
    ActionRow,
    AgendaItemRow,
    AttendanceRow,
    ConflictRow,
    DecisionRow,
    DocumentRow,
    KnownAgencyRow,
    KnownPersonRow,
    KnownServiceRow,
    MeetingRow,
    PanelRow,
    RatificationRow,
    SeatRow,
)
from shared.errors import NotFound

MOST_OPTIONS = 500
UNNAMED = "Name not known yet"


def the_meeting(session: Session, meeting_id: UUID) -> MeetingRow:
    """Return a meeting with its panel; raises NotFound."""
    meeting = session.get(MeetingRow, meeting_id, options=[joinedload(MeetingRow.panel)])
    if meeting is None:
        raise NotFound("There is no such meeting.")
    return meeting


def locked_meeting(session: Session, meeting_id: UUID, *, with_panel: bool = False) -> MeetingRow:
    """Return a meeting, locked until the transaction ends; raises NotFound.

    Whoever needs its panel too asks for it here (`with_panel`): everybody holds requests first, then the panel,
    then the meeting, then its items, so that nobody waits in a ring.
    """
    if with_panel:
        panel = sa.select(PanelRow.id).join(MeetingRow, MeetingRow.panel_id == PanelRow.id)
        session.execute(panel.where(MeetingRow.id == meeting_id).with_for_update(of=PanelRow))
    statement = sa.select(MeetingRow).where(MeetingRow.id == meeting_id).with_for_update()
    meeting = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if meeting is None:
        raise NotFound("There is no such meeting.")
    return meeting


def the_item(session: Session, item_id: UUID) -> AgendaItemRow:
    """Return an item of an agenda that has closed; raises NotFound."""
    item = session.get(AgendaItemRow, item_id)
    if item is None or item.number is None:
        raise NotFound("There is no such item.")
    return item


def locked_item(session: Session, item_id: UUID, *, with_panel: bool = False) -> tuple[AgendaItemRow, MeetingRow]:
    """Return an item and its meeting, both locked until the transaction ends, as for locked_meeting; raises NotFound."""
    meeting = locked_meeting(session, the_item(session, item_id).meeting_id, with_panel=with_panel)
    statement = sa.select(AgendaItemRow).where(AgendaItemRow.id == item_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one(), meeting


def items_of(session: Session, meeting_id: UUID) -> Sequence[AgendaItemRow]:
    """Return the numbered items of a meeting, in their order, with queue entries."""
    statement = sa.select(AgendaItemRow).where(
        AgendaItemRow.meeting_id == meeting_id, AgendaItemRow.number.is_not(None)
    )
    return session.scalars(
        statement.options(joinedload(AgendaItemRow.queue_entry)).order_by(AgendaItemRow.number)
    ).all()


def seats_of(session: Session, panel_id: UUID) -> Sequence[SeatRow]:
    """Return the seats of a panel that have a person."""
    statement = sa.select(SeatRow).where(SeatRow.panel_id == panel_id, SeatRow.person_id.is_not(None))
    return session.scalars(statement.order_by(SeatRow.seat, SeatRow.id)).all()


def seats_held(session: Session, panel_id: UUID, person_id: UUID) -> set[str]:
    """Return which seats a person holds at a panel; empty when none."""
    statement = sa.select(SeatRow.seat).where(SeatRow.panel_id == panel_id, SeatRow.person_id == person_id)
    return set(session.scalars(statement))


def parts_of(session: Session, meeting: MeetingRow, person_id: UUID) -> set[str]:
    """Return what a person is at a meeting: their seats at its panel, and who takes its notes; empty without a seat."""
    seats = seats_held(session, meeting.panel_id, person_id)
    return seats | {NOTE_TAKER} if seats and meeting.notes_by == person_id else seats


def standing_decision(session: Session, item_id: UUID) -> DecisionRow | None:
    """Return the decision about an item that no other one supersedes, or None; an urgent one where it is to be ratified."""
    to_ratify = sa.select(RatificationRow.decision_id).where(RatificationRow.agenda_item_id == item_id)
    about = sa.or_(DecisionRow.agenda_item_id == item_id, DecisionRow.id.in_(to_ratify))
    return session.scalars(_standing().where(about)).one_or_none()


def standing_decisions(session: Session, meeting_id: UUID) -> dict[UUID, DecisionRow]:
    """Return the standing decision of each item of a meeting, by the item's id; urgent ones where they are to be ratified."""
    to_ratify = session.execute(
        _standing()
        .add_columns(RatificationRow.agenda_item_id)
        .join(RatificationRow, RatificationRow.decision_id == DecisionRow.id)
        .join(AgendaItemRow, AgendaItemRow.id == RatificationRow.agenda_item_id)
        .where(AgendaItemRow.meeting_id == meeting_id)
    )
    found = {row[1]: row[0] for row in to_ratify}
    rows = session.scalars(_standing().where(DecisionRow.meeting_id == meeting_id))
    return found | {row.agenda_item_id: row for row in rows}


def _standing() -> sa.Select[DecisionRow]:
    later = aliased(DecisionRow)
    return sa.select(DecisionRow).where(~sa.exists().where(later.supersedes_id == DecisionRow.id))


def actions_of(session: Session, decision_ids: Iterable[UUID]) -> dict[UUID, list[ActionRow]]:
    """Return the actions that follow from decisions, by the decision's id, earliest due first."""
    statement = sa.select(ActionRow).where(ActionRow.decision_id.in_(list(decision_ids)))
    found: dict[UUID, list[ActionRow]] = {}
    for row in session.scalars(statement.order_by(ActionRow.due_on, ActionRow.id)):
        found.setdefault(row.decision_id, []).append(row)
    return found


def conflicts_of(session: Session, item_ids: Iterable[UUID]) -> dict[UUID, list[ConflictRow]]:
    """Return the conflicts declared on items, by the item's id."""
    statement = sa.select(ConflictRow).where(ConflictRow.agenda_item_id.in_(list(item_ids)))
    found: dict[UUID, list[ConflictRow]] = {}
    for row in session.scalars(statement.order_by(ConflictRow.declared_at)):
        found.setdefault(row.agenda_item_id, []).append(row)
    return found


def attendance_of(session: Session, meeting_id: UUID) -> dict[UUID, str]:
    """Return the presence recorded of each person at a meeting."""
    rows = session.scalars(sa.select(AttendanceRow).where(AttendanceRow.meeting_id == meeting_id))
    return {row.person_id: row.presence for row in rows}


def people_of(session: Session, person_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the names of people by id; somebody whose name has not come yet is said to be so."""
    wanted = {person_id for person_id in person_ids if person_id is not None}
    rows = session.scalars(sa.select(KnownPersonRow).where(KnownPersonRow.person_id.in_(wanted)))
    names = {row.person_id: row.name for row in rows}
    return {person_id: names.get(person_id) or UNNAMED for person_id in wanted}


def agency_names(session: Session) -> dict[UUID, str]:
    """Return the names of the agencies that are active, in the order of the alphabet."""
    statement = sa.select(KnownAgencyRow).where(KnownAgencyRow.is_active).order_by(KnownAgencyRow.name)
    return {row.agency_id: row.name for row in session.scalars(statement.limit(MOST_OPTIONS))}


def agency_name(session: Session, agency_id: UUID) -> str:
    """Return the name of an agency; empty when it is not known or no longer active."""
    agency = session.get(KnownAgencyRow, agency_id)
    return agency.name if agency is not None and agency.is_active else ""


def open_services(session: Session) -> Sequence[tuple[KnownServiceRow, KnownAgencyRow]]:
    """Return the services that are open to new families, each with its agency, by agency and name."""
    statement = (
        sa.select(KnownServiceRow, KnownAgencyRow)
        .join(KnownAgencyRow, KnownAgencyRow.agency_id == KnownServiceRow.agency_id)
        .where(KnownServiceRow.is_open, KnownAgencyRow.is_active)
        .order_by(KnownAgencyRow.name, KnownServiceRow.name)
    )
    return [(row[0], row[1]) for row in session.execute(statement.limit(MOST_OPTIONS))]


def latest_document(session: Session, meeting_id: UUID, kind: str) -> DocumentRow | None:
    """Return the newest version of a meeting's document, or None."""
    statement = sa.select(DocumentRow).where(DocumentRow.meeting_id == meeting_id, DocumentRow.kind == kind)
    return session.scalars(statement.order_by(DocumentRow.version.desc()).limit(1)).one_or_none()


def known_service_ids(session: Session) -> Sequence[UUID]:
    """Return the ids of the services that the directory announced, open or not."""
    return session.scalars(sa.select(KnownServiceRow.service_id).limit(10 * MOST_OPTIONS)).all()
