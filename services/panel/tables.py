"""The panel service's tables. Instants are UTC, dates are London dates; what happened is never overwritten."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.panel import (
    arrangement_tables,
    calendar_tables,
    decision_tables,
    letter_tables,
    live_tables,
    minutes_tables,
    plan_tables,
    snapshot_tables,
)
from services.panel.action_tables import ActionRow
from services.panel.base import Base
from services.panel.paper_tables import PaperRow

__all__ = [
    "ActionRow",
    "Base",
    "arrangement_tables",
    "calendar_tables",
    "decision_tables",
    "letter_tables",
    "live_tables",
    "minutes_tables",
    "plan_tables",
    "snapshot_tables",
]


class KnownAgencyRow(Base):
    """An agency, as the directory last announced it."""

    __tablename__ = "known_agency"

    agency_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    is_active: Mapped[bool]


class KnownServiceRow(Base):
    """A service that an agency offers, as the directory last announced it."""

    __tablename__ = "known_service"

    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str]
    is_open: Mapped[bool]
    needs: Mapped[list[str]]


class KnownPersonRow(Base):
    """A person who signs in; `name` is asked of the directory after it announced a change (`is_stale`)."""

    __tablename__ = "known_person"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID | None] = mapped_column(index=True)
    roles: Mapped[list[str]]
    is_active: Mapped[bool]
    name: Mapped[str] = mapped_column(default="")
    job_title: Mapped[str] = mapped_column(default="")
    is_stale: Mapped[bool] = mapped_column(default=True)


class AmendedRequestRow(Base):
    """More was said about a request after it was sent. `kind`: added, corrected, wants_to_stop."""

    __tablename__ = "amended_request"

    amendment_id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str]
    amended_at: Mapped[datetime]


class LimitsRow(Base):
    """The authority's time limits as its profile has them, kept at every start: a handler has no profile to ask."""

    __tablename__ = "limits"
    __table_args__ = (sa.CheckConstraint("only_row", name="only_row"),)

    only_row: Mapped[bool] = mapped_column(primary_key=True, default=True)
    allocation_answer_working_days: Mapped[int]


class PanelRow(Base):
    """A panel as the authority's profile has it: its calendar's rules, its papers, minutes and quorum.

    `monthly` is such as `first tuesday`, else a panel meets every `weeks` weeks. `minutes_within` and `told_within`
    count working days after a meeting. One that is no longer in the profile makes no new meetings.
    """

    __tablename__ = "panel"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    locality: Mapped[str] = mapped_column(default="")
    place: Mapped[str]
    capacity: Mapped[int]
    slot_minutes: Mapped[int]
    weeks: Mapped[int]
    first_on: Mapped[date]
    starts: Mapped[time]
    minutes: Mapped[int]
    cut_off_rule: Mapped[str]
    cut_off_days: Mapped[int]
    cut_off_weekday: Mapped[str]
    cut_off_at: Mapped[time]
    on_bank_holiday: Mapped[str]
    monthly: Mapped[str] = mapped_column(default="")
    video_link: Mapped[str] = mapped_column(default="")
    papers_go_out: Mapped[str] = mapped_column(default="at_closing")
    papers_working_days: Mapped[int] = mapped_column(default=0)
    papers_at: Mapped[time] = mapped_column(default=time(12))
    papers_stay_days: Mapped[int] = mapped_column(default=14)
    minutes_within: Mapped[int] = mapped_column(default=10)
    told_within: Mapped[int] = mapped_column(default=5)
    quorum_agencies: Mapped[int] = mapped_column(default=0)
    quorum_roles: Mapped[list[str]] = mapped_column(default=list)
    quorum_chair: Mapped[bool] = mapped_column(default=False)
    is_in_profile: Mapped[bool] = mapped_column(default=True)


class SeatRow(Base):
    """A seat at a panel: chair, deputy, member or coordinator; a member's seat may wait for its person.

    `named_at` is when its person took it; from then on the agency is expected at meetings.
    `role` says in words what the seat stands for, such as health visiting.
    """

    __tablename__ = "seat"
    __table_args__ = (sa.UniqueConstraint("panel_id", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    panel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel.id"), index=True)
    agency_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    seat: Mapped[str]
    named_at: Mapped[datetime | None]
    role: Mapped[str] = mapped_column(default="")


class MeetingRow(Base):
    """One meeting of a panel. `state`: planned, agenda_closed, in_session, ended, cancelled.

    `planned_on` is the date of the recurrence that it stands for, before any bank holiday moved it; an extra meeting
    stands for none. `set_by` somebody, and why, once a person has moved, cancelled or arranged it: the nightly
    planning then leaves it as it is. `sequence` grows with whatever is told about it.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        sa.Index(
            "meeting_held_on_key",
            "panel_id",
            "held_on",
            unique=True,
            postgresql_where=sa.text("state <> 'cancelled'"),
        ),
        sa.UniqueConstraint("panel_id", "planned_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    panel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel.id"))
    planned_on: Mapped[date | None]
    held_on: Mapped[date] = mapped_column(index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    agenda_closes_at: Mapped[datetime] = mapped_column(index=True)
    place: Mapped[str]
    video_link: Mapped[str] = mapped_column(default="")
    places: Mapped[int]
    state: Mapped[str] = mapped_column(default="planned")
    sequence: Mapped[int] = mapped_column(default=0)
    set_by: Mapped[UUID | None]
    set_at: Mapped[datetime | None]
    set_because: Mapped[str] = mapped_column(default="")
    agenda_closed_at: Mapped[datetime | None]
    papers_sent_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    chaired_by: Mapped[UUID | None]
    notes_by: Mapped[UUID | None]

    panel: Mapped[PanelRow] = relationship()


class QueueEntryRow(Base):
    """A request that waits for a panel. `state`: waiting, placed, heard, left. One open entry a request."""

    __tablename__ = "queue_entry"
    __table_args__ = (
        sa.Index(
            "queue_entry_open_key",
            "request_id",
            unique=True,
            postgresql_where=sa.text("state IN ('waiting', 'placed')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(index=True)
    family_id: Mapped[UUID] = mapped_column(index=True)
    reference: Mapped[str]
    kind: Mapped[str]
    panel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel.id"), index=True)
    urgency: Mapped[str]
    received_on: Mapped[date]
    queued_at: Mapped[datetime]
    children: Mapped[int]
    level_scheme: Mapped[str]
    level_version: Mapped[str]
    level_number: Mapped[int]
    why: Mapped[str] = mapped_column(
        default="new", comment="new, carried_over, declined, more_information, consent_changed"
    )
    times_carried: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="waiting", index=True)
    left_because: Mapped[str | None]
    let_go_because: Mapped[str | None] = mapped_column(
        comment="Why the front door sent the request elsewhere, at whatever time: nothing is decided on this entry any more"
    )

    panel: Mapped[PanelRow] = relationship()


class AgendaItemRow(Base):
    """A family on a meeting's agenda. `number` and `paper_id` are set when the agenda closes and then stay.

    `state`: placed, to_ratify (decided urgently), heard, carried_over, removed. `supplement`: with what its paper
    went out, 0 for the agenda and else the number of a supplement; None until then.
    """

    __tablename__ = "agenda_item"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "queue_entry_id"),
        sa.UniqueConstraint("meeting_id", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"))
    queue_entry_id: Mapped[UUID] = mapped_column(sa.ForeignKey("queue_entry.id"))
    request_id: Mapped[UUID] = mapped_column(index=True)
    family_id: Mapped[UUID]
    reference: Mapped[str]
    number: Mapped[int | None]
    paper_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("paper.id"))
    supplement: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="placed")
    why_not_heard: Mapped[str | None]

    meeting: Mapped[MeetingRow] = relationship()
    queue_entry: Mapped[QueueEntryRow] = relationship()
    paper: Mapped[PaperRow | None] = relationship()


class DocumentRow(Base):
    """A PDF that went out: the minutes of a meeting, and until what is circulated was kept item by item its agenda pack."""

    __tablename__ = "document"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "kind", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"))
    kind: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    pdf: Mapped[bytes]


class AttendanceRow(Base):
    """Who was at a meeting. `presence`: present, substitute, left, apologies.

    `substitute` is the name of whoever came in place of somebody. `came_at` is when they came, `left_at` when they left.
    """

    __tablename__ = "attendance"

    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID | None]
    presence: Mapped[str]
    substitute: Mapped[str] = mapped_column(default="")
    came_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]


class ConflictRow(Base):
    """A member's declared conflict with an item: that member has no paper of it and no part in its decision."""

    __tablename__ = "conflict"

    agenda_item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agenda_item.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    nature: Mapped[str]
    declared_at: Mapped[datetime]


class DecisionRow(Base):
    """What a meeting decided about a family; a correction is a new row that supersedes this one.

    `urgent_because` is set where the chair decided between meetings, after asking whom `consulted` names: its item
    and its meeting are then those at which it is first to be ratified.
    """

    __tablename__ = "decision"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    agenda_item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agenda_item.id"), index=True)
    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    request_id: Mapped[UUID] = mapped_column(index=True)
    family_id: Mapped[UUID]
    outcome: Mapped[str]
    reasons: Mapped[str]
    details: Mapped[dict[str, Any]]
    dissent: Mapped[str] = mapped_column(default="")
    agreed_outside: Mapped[str] = mapped_column(default="")
    urgent_because: Mapped[str | None]
    consulted: Mapped[str | None]
    decided_at: Mapped[datetime]
    recorded_by: Mapped[UUID]
    chaired_by: Mapped[UUID | None]
    supersedes_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("decision.id"), unique=True)

    agenda_item: Mapped[AgendaItemRow] = relationship()


class AllocationRow(Base):
    """A family offered to an agency's service. `state`: offered, accepted, declined, withdrawn. One open offer a request."""

    __tablename__ = "allocation"
    __table_args__ = (
        sa.Index("allocation_offered_key", "request_id", unique=True, postgresql_where=sa.text("state = 'offered'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(index=True)
    family_id: Mapped[UUID]
    reference: Mapped[str]
    kind: Mapped[str]
    decision_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("decision.id"))
    meeting_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("meeting.id"))
    agency_id: Mapped[UUID] = mapped_column(index=True)
    service_id: Mapped[UUID]
    urgency: Mapped[str]
    received_on: Mapped[date]
    children: Mapped[int]
    level_scheme: Mapped[str]
    level_version: Mapped[str]
    level_number: Mapped[int]
    offered_at: Mapped[datetime]
    answer_due_on: Mapped[date]
    chased_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="offered", index=True)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]
    declined_because: Mapped[str | None]
    decline_note: Mapped[str | None]
    practitioner_id: Mapped[UUID | None]


class FamilyAgreementRow(Base):
    """That a family agreed to the agency before it accepted: who, by their refs within the request, how and when."""

    __tablename__ = "family_agreement"

    allocation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("allocation.id"), primary_key=True)
    by_refs: Mapped[list[str]]
    how: Mapped[str]
    agreed_on: Mapped[date]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]
