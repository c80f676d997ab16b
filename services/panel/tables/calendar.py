"""Panels, who sits at them, their meetings, and what calendars were told."""

from datetime import date, datetime, time
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.panel.tables.base import Base
from shared.authority import Quorum


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

    @property
    def quorum(self) -> Quorum:
        """Return who must be there for a meeting to decide."""
        return Quorum(self.quorum_agencies, tuple(self.quorum_roles), self.quorum_chair)


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


class InvitationRow(Base):
    """What a person was last told of a meeting for their calendar. `is_withdrawn`: that they need not come."""

    __tablename__ = "invitation"

    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    sequence: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str]
    video_link: Mapped[str]
    is_withdrawn: Mapped[bool] = mapped_column(default=False)


class CalendarFeedRow(Base):
    """The address from which a person's calendar reads their meetings; only a hash of its secret is kept.

    The secret is made anew from `number` when the person wants to see it; a later number ends the earlier address.
    """

    __tablename__ = "calendar_feed"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=1)
    secret_hash: Mapped[str | None] = mapped_column(unique=True)
    made_at: Mapped[datetime]
