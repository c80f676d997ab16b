"""What is told of meetings: to members, for their calendars, and to referrers whose request loses its meeting."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.actions.notices import Recipient, write_notice
from shared.events.panel import (
    InvitationsWithdrawn,
    MeetingCancelled,
    MembersInvited,
    PapersCirculated,
    RequestUnplaced,
)
from shared.messaging.reader import EventReader

MEETINGS = "/panel/meetings"
FOLLOW = "/referrals/follow"


def register(notifications: EventReader) -> None:
    """Add these handlers to the service's reader."""
    notifications.handles(PapersCirculated)(tell_members_of_papers)
    notifications.handles(MembersInvited)(invite_members)
    notifications.handles(InvitationsWithdrawn)(withdraw_invitations)
    notifications.handles(MeetingCancelled)(tell_of_cancelled_meeting)
    notifications.handles(RequestUnplaced)(tell_of_lost_place)


def tell_members_of_papers(fact: PapersCirculated, session: Session, now: datetime) -> None:
    """Tell every member that the papers are there; the meeting is in their calendars already."""
    _tell_members(
        session,
        fact,
        "papers_circulated",
        fact.member_ids,
        now,
        families=fact.items,
        supplement=fact.supplement,
    )


def invite_members(fact: MembersInvited, session: Session, now: datetime) -> None:
    """Put a meeting into members' calendars, or tell them what changed about it."""
    if fact.was_starts_at is None:
        _tell_members(session, fact, "meeting_invited", fact.member_ids, now, video_link=fact.video_link)
        return
    was = fact.was_starts_at.isoformat()
    said = {"video_link": fact.video_link, "was_starts_at": was}
    _tell_members(session, fact, "meeting_changed", fact.member_ids, now, **said)


def withdraw_invitations(fact: InvitationsWithdrawn, session: Session, now: datetime) -> None:
    """Take a meeting out of the calendars of people who have no seat any more."""
    _tell_members(session, fact, "invitation_withdrawn", fact.member_ids, now, path=MEETINGS)


def tell_of_cancelled_meeting(fact: MeetingCancelled, session: Session, now: datetime) -> None:
    """Tell every member that a meeting is not held, and take it out of the calendars that it is in."""
    for member_id in fact.member_ids:
        is_invited = member_id in fact.invited_ids
        _tell_members(session, fact, "meeting_cancelled", [member_id], now, path=MEETINGS, is_invited=is_invited)


def tell_of_lost_place(fact: RequestUnplaced, session: Session, now: datetime) -> None:
    """Tell the referrer that the meeting they were told of does not hear the request, and that no other has room yet."""
    data = {"held_on": fact.held_on.isoformat()}
    recipient = Recipient("referrer", fact.request_id)
    write_notice(session, fact, "request_unplaced", recipient, path=FOLLOW, now=now, data=data)


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
        write_notice(session, fact, template, Recipient("person", member_id), path=path, now=now, data=data)
