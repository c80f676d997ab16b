"""What members are told of their meetings, also for their calendars, and of the minutes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.handlers import notifications
from services.notifications.handlers.telling import tell_person
from shared.events.panel import InvitationsWithdrawn, MeetingCancelled, MembersInvited, MinutesIssued, PapersCirculated

MEETINGS = "/panel/meetings"
_OF_MINUTES = {"addendum": "minutes_added_to", "approved": "minutes_approved"}


@notifications.handles(PapersCirculated)
def tell_members_of_papers(fact: PapersCirculated, session: Session, now: datetime) -> None:
    """Tell every member that the papers are there; the meeting is in their calendars already."""
    _tell_members(
        session, fact, "papers_circulated", fact.member_ids, now, families=fact.items, supplement=fact.supplement
    )


@notifications.handles(MembersInvited)
def invite_members(fact: MembersInvited, session: Session, now: datetime) -> None:
    """Put a meeting into members' calendars, or tell them what changed about it."""
    if fact.was_starts_at is None:
        _tell_members(session, fact, "meeting_invited", fact.member_ids, now, video_link=fact.video_link)
        return
    was = fact.was_starts_at.isoformat()
    said = {"video_link": fact.video_link, "was_starts_at": was}
    _tell_members(session, fact, "meeting_changed", fact.member_ids, now, **said)


@notifications.handles(InvitationsWithdrawn)
def withdraw_invitations(fact: InvitationsWithdrawn, session: Session, now: datetime) -> None:
    """Take a meeting out of the calendars of people who have no seat any more."""
    _tell_members(session, fact, "invitation_withdrawn", fact.member_ids, now, path=MEETINGS)


@notifications.handles(MeetingCancelled)
def tell_of_cancelled_meeting(fact: MeetingCancelled, session: Session, now: datetime) -> None:
    """Tell every member that a meeting is not held, and take it out of the calendars that it is in."""
    for member_id in fact.member_ids:
        is_invited = member_id in fact.invited_ids
        _tell_members(session, fact, "meeting_cancelled", [member_id], now, path=MEETINGS, is_invited=is_invited)


@notifications.handles(MinutesIssued)
def tell_members_of_minutes(fact: MinutesIssued, session: Session, now: datetime) -> None:
    """Tell every member that the minutes are there, and who has something to do that they are approved."""
    data = {"panel_name": fact.panel_name, "held_on": fact.held_on.isoformat()}
    path = f"{MEETINGS}/{fact.meeting_id}/minutes"
    for member_id in fact.member_ids:
        tell_person(session, fact, _OF_MINUTES.get(fact.state, "minutes_issued"), member_id, path, now, **data)
    for owner_id in fact.owner_ids:
        tell_person(session, fact, "minutes_approved_to_owner", owner_id, "/panel/actions?mine=yes", now, **data)


def _tell_members(
    session: Session,
    fact: PapersCirculated | MembersInvited | InvitationsWithdrawn | MeetingCancelled,
    template: str,
    member_ids: Iterable[UUID],
    now: datetime,
    *,
    path: str = "",
    **more: Any,
) -> None:
    data = {
        "panel_name": fact.panel_name,
        "place": fact.place,
        "starts_at": fact.starts_at.isoformat(),
        "ends_at": fact.ends_at.isoformat(),
        "sequence": fact.sequence,
        **more,
    }
    path = path or f"{MEETINGS}/{fact.meeting_id}"
    for member_id in member_ids:
        tell_person(session, fact, template, member_id, path, now, **data)
