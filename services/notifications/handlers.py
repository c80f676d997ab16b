"""What is told to whom: one function per event.

A handler only writes down that somebody is to be told. Who that is, by which channel, and whether they may be
written to at all is asked at the moment of sending (`sender.py`), so that an address which became unsafe a minute
ago is not used. An agency that declines (AllocationDeclined) tells nobody by message: the family is back in the
panel's queue, which the coordinator sees, and the referrer hears of the next meeting.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.actions.notices import Recipient, hold_back_family, hold_back_offer, write_notice
from shared.clock import aim_clock_at
from shared.ended_sessions import end_sessions
from shared.events.directory import ClockMoved, PersonChanged
from shared.events.panel import (
    ActionsDue,
    ActionsOverdue,
    AllocationAccepted,
    AllocationOffered,
    AllocationUnanswered,
    AllocationWithdrawn,
    AmendmentPassedOn,
    DecisionMade,
    LeadPractitionerChanged,
    MinutesIssued,
    PlanClosed,
    RequestCarriedOverAgain,
    RequestJoinedPlan,
    RequestPlaced,
    RequestSentBack,
    ReviewDue,
    ReviewOverdue,
)
from shared.events.referrals import (
    AttachmentDestroyed,
    ConsentWithdrawn,
    DraftLinkAsked,
    MoreInformationAsked,
    RequestAddedToPlan,
    RequestAmended,
    RequestNotTakenFurther,
    RequestReceived,
    RequestSignposted,
    RequestWithdrawn,
    SafeguardingRaised,
)
from shared.messaging.reader import EventReader

FOLLOW = "/referrals/follow"
"""Where a referrer and a family see what became of a request, with its reference."""

RETURN = "/referrals/return"
"""Where somebody without an account comes back to a request that they began."""

NOT_HEARD = "carry_over"
STEPPED_UP = "step_up"
"""The outcome with which a meeting puts a request off: the next RequestPlaced tells the referrer of the new day."""

TO_SOCIAL_CARE = ("safeguarding", "moved_to_social_care")
"""Why a plan ends so that the family hears from social care, not from us: they might be the danger."""

TOLD_ALREADY = ("safeguarding", "withdrawn", "taken_back", "consent_withdrawn")
"""Why a plan ends because of what became of its request: of that the referrer is told, or is told nothing on purpose."""

NO_CONSENT = "consent_withdrawn"
"""Why an offer is taken back and a plan ends when the family does not agree any more."""

WITHDRAWN = "withdrawn"
"""Why an offer is taken back when the request was withdrawn."""

CORRECTED = "corrected"
"""Why an offer is taken back when the panel decides otherwise."""

ASKS_TO_STOP = "wants_to_stop"
"""The kind of an amendment with which somebody asks that help stops which a worker gives already."""

_ASKED_FOR = {"information": "more_information_asked", "consent": "consent_asked"}

_OVERDUE_TO = {
    "owner": "actions_overdue",
    "agency": "actions_overdue_to_agency",
    "panel": "actions_overdue_to_panel",
}

notifications = EventReader("notifications")


@notifications.handles(DraftLinkAsked)
def mail_draft_link(fact: DraftLinkAsked, session: Session, now: datetime) -> None:
    """Mail the link to a request half done; the link itself is asked for at the moment of sending, and never kept."""
    data = {"number": fact.number, "last_day_on": fact.last_day_on.isoformat()}
    recipient = Recipient("draft", fact.draft_id)
    write_notice(session, fact, "draft_link", recipient, path=RETURN, now=now, data=data)


@notifications.handles(RequestReceived)
def tell_that_it_arrived(fact: RequestReceived, session: Session, now: datetime) -> None:
    """Tell the referrer and the family that the request arrived."""
    _tell_referrer(session, fact, "request_received", now)
    _tell_family(session, fact, "request_received_to_family", now)


@notifications.handles(MoreInformationAsked)
def ask_for_more(fact: MoreInformationAsked, session: Session, now: datetime) -> None:
    """Ask the referrer for more or for consent, or remind them of it."""
    template = _ASKED_FOR[fact.asked_for] + ("_reminder" if fact.is_reminder else "")
    _tell_referrer(session, fact, template, now, due_on=fact.due_on.isoformat())


@notifications.handles(RequestNotTakenFurther)
def tell_that_nothing_follows(fact: RequestNotTakenFurther, session: Session, now: datetime) -> None:
    """Tell the referrer that the request was looked at and is finished."""
    _tell_referrer(session, fact, "request_not_taken_further", now)


@notifications.handles(RequestSignposted)
def tell_of_other_help(fact: RequestSignposted, session: Session, now: datetime) -> None:
    """Tell the referrer and the family that the request is answered."""
    _tell_referrer(session, fact, "request_signposted", now)
    _tell_family(session, fact, "request_signposted_to_family", now)


@notifications.handles(SafeguardingRaised)
def tell_referrer_alone(fact: SafeguardingRaised, session: Session, now: datetime) -> None:
    """Tell the referrer without a detail, and stop whatever was on its way to the family."""
    hold_back_family(session, fact.request_id)
    _tell_referrer(session, fact, "safeguarding_raised", now)


@notifications.handles(RequestAddedToPlan)
def tell_of_open_plan(fact: RequestAddedToPlan, session: Session, now: datetime) -> None:
    """Tell the referrer that somebody works with the family already."""
    _tell_referrer(session, fact, "request_added_to_plan", now)


@notifications.handles(RequestWithdrawn)
def tell_of_withdrawal(fact: RequestWithdrawn, session: Session, now: datetime) -> None:
    """Tell the referrer that nothing more will happen; where they took it back themselves, the family and the front door.

    Agencies hear when the panel takes the family back from them.
    """
    _tell_referrer(session, fact, "request_withdrawn", now)
    if fact.by == "referrer":
        _tell_family(session, fact, "request_withdrawn_to_family", now)
    if fact.front_door_id is not None:
        path = _request_page(fact.request_id)
        _tell_person(session, fact, "request_withdrawn_to_front_door", fact.front_door_id, path, now)


@notifications.handles(RequestAmended)
def tell_front_door_of_amendment(fact: RequestAmended, session: Session, now: datetime) -> None:
    """Tell who decided about a request that more was said; one that nobody has decided about is on the worklist."""
    if fact.front_door_id is not None:
        path = _request_page(fact.request_id)
        _tell_person(session, fact, "request_amended_to_front_door", fact.front_door_id, path, now)


@notifications.handles(AttachmentDestroyed)
def tell_of_destroyed_file(fact: AttachmentDestroyed, session: Session, now: datetime) -> None:
    """Tell who sent a request, and who decided about it, that a file which came with it cannot be read."""
    _tell_referrer(session, fact, "attachment_destroyed", now)
    if fact.front_door_id is not None:
        path = _request_page(fact.request_id)
        _tell_person(session, fact, "attachment_destroyed_to_front_door", fact.front_door_id, path, now)


@notifications.handles(AmendmentPassedOn)
def tell_who_holds_it(fact: AmendmentPassedOn, session: Session, now: datetime) -> None:
    """Tell the lead practitioner, or the agency to which the family is offered, that there is more to read."""
    if fact.plan_id is not None and fact.practitioner_id is not None:
        asks_to_stop = fact.kind == ASKS_TO_STOP
        template = "stop_asked_to_practitioner" if asks_to_stop else "request_amended_to_practitioner"
        _tell_person(session, fact, template, fact.practitioner_id, f"/panel/plans/{fact.plan_id}", now)
    elif fact.allocation_id is not None:
        _tell_agency(session, fact, "request_amended_to_agency", _offer_page(fact.allocation_id), now)


@notifications.handles(ConsentWithdrawn)
def tell_that_it_stopped(fact: ConsentWithdrawn, session: Session, now: datetime) -> None:
    """Tell the referrer that the request has stopped; agencies hear when the panel takes the family back from them."""
    _tell_referrer(session, fact, "request_stopped", now)


@notifications.handles(RequestPlaced)
def tell_of_meeting(fact: RequestPlaced, session: Session, now: datetime) -> None:
    """Tell the referrer on which day the panel hears the request, also when an earlier panel did not or it was moved."""
    template = "request_carried_over" if fact.times_carried else "request_placed"
    if fact.instead_of is not None:
        template = "request_moved"
    _tell_referrer(session, fact, template, now, held_on=fact.held_on.isoformat())


@notifications.handles(RequestCarriedOverAgain)
def alert_who_leads_the_panel(fact: RequestCarriedOverAgain, session: Session, now: datetime) -> None:
    """Tell the chair, the deputies and the coordinator of a panel that a family was carried over once more."""
    path, template = f"/panel/queue/requests/{fact.request_id}", "request_carried_over_again"
    for leader_id in fact.leader_ids:
        _tell_person(session, fact, template, leader_id, path, now, times=fact.times_carried)


@notifications.handles(RequestSentBack)
def tell_that_it_is_looked_at_again(fact: RequestSentBack, session: Session, now: datetime) -> None:
    """Tell the referrer that no panel looks at the request now, and that the front door does."""
    _tell_referrer(session, fact, "request_sent_back", now)


@notifications.handles(MinutesIssued)
def tell_members_of_minutes(fact: MinutesIssued, session: Session, now: datetime) -> None:
    """Tell every member that the minutes are there."""
    data = {"panel_name": fact.panel_name, "held_on": fact.held_on.isoformat()}
    template = "minutes_added_to" if fact.state == "addendum" else "minutes_issued"
    for member_id in fact.member_ids:
        path = f"/panel/meetings/{fact.meeting_id}/minutes"
        _tell_person(session, fact, template, member_id, path, now, **data)


@notifications.handles(DecisionMade)
def tell_of_decision(fact: DecisionMade, session: Session, now: datetime) -> None:
    """Tell the referrer and the family that the panel decided; a request that was put off was not decided.

    Of a step-up to social care the family hears from social care, not from us: they might be the danger.
    """
    if fact.outcome == NOT_HEARD:
        return
    _tell_referrer(session, fact, "decision_made", now, outcome=fact.outcome, decision_id=str(fact.decision_id))
    if fact.outcome == STEPPED_UP:
        hold_back_family(session, fact.request_id)
        return
    _tell_family(session, fact, "decision_made_to_family", now)


@notifications.handles(AllocationOffered)
def tell_agency_of_offer(fact: AllocationOffered, session: Session, now: datetime) -> None:
    """Tell every manager of the agency that a family is offered to it."""
    path = _offer_page(fact.allocation_id)
    _tell_agency(session, fact, "allocation_offered", path, now, due_on=fact.answer_due_on.isoformat())


@notifications.handles(AllocationAccepted)
def tell_of_acceptance(fact: AllocationAccepted, session: Session, now: datetime) -> None:
    """Tell the lead practitioner, the referrer and the family that somebody has taken the family on."""
    path, due_on = f"/panel/plans/{fact.plan_id}", fact.review_due_on.isoformat()
    template = "allocation_accepted_to_practitioner"
    _tell_person(session, fact, template, fact.practitioner_id, path, now, due_on=due_on)
    _tell_referrer(session, fact, "allocation_accepted", now)
    _tell_family(session, fact, "allocation_accepted_to_family", now)


@notifications.handles(AllocationUnanswered)
def remind_agency_of_offer(fact: AllocationUnanswered, session: Session, now: datetime) -> None:
    """Tell every manager of the agency that its answer is late."""
    path = _offer_page(fact.allocation_id)
    _tell_agency(session, fact, "allocation_unanswered", path, now, due_on=fact.answer_due_on.isoformat())


@notifications.handles(AllocationWithdrawn)
def stop_telling_agency_of_offer(fact: AllocationWithdrawn, session: Session, now: datetime) -> None:
    """Stop what was on its way to an agency about an offer that was taken back; nobody rings about it either.

    Where the panel decided otherwise after the agency had heard, it is told that there is nothing to answer any more.
    Where the family does not agree any more, or the request was withdrawn, the agency is told: it may have begun.
    """
    path = _offer_page(fact.allocation_id)
    knew = not hold_back_offer(session, fact.family_id, path=path)
    if fact.because == CORRECTED and knew:
        _tell_agency(session, fact, "allocation_withdrawn_to_agency", path, now)
    elif fact.because == NO_CONSENT:
        _tell_agency(session, fact, "consent_withdrawn_to_agency", path, now)
    elif fact.because == WITHDRAWN:
        _tell_agency(session, fact, "request_withdrawn_to_agency", path, now)


@notifications.handles(ReviewDue)
def remind_of_review(fact: ReviewDue, session: Session, now: datetime) -> None:
    """Remind the lead practitioner of a review."""
    path, due_on = f"/panel/plans/{fact.plan_id}", fact.due_on.isoformat()
    _tell_person(session, fact, "review_due", fact.practitioner_id, path, now, due_on=due_on)


@notifications.handles(ReviewOverdue)
def tell_of_overdue_review(fact: ReviewOverdue, session: Session, now: datetime) -> None:
    """Tell the lead practitioner and the agency's managers that a review was not recorded."""
    path, due_on = f"/panel/plans/{fact.plan_id}", fact.due_on.isoformat()
    _tell_person(session, fact, "review_overdue", fact.practitioner_id, path, now, due_on=due_on)
    _tell_agency(session, fact, "review_overdue_to_agency", path, now, due_on=due_on)


@notifications.handles(ActionsDue)
def remind_of_actions(fact: ActionsDue, session: Session, now: datetime) -> None:
    """Remind whoever is to do it of one action, or of several in one message."""
    _tell_of_actions(session, fact, "actions_due", now)


@notifications.handles(ActionsOverdue)
def tell_of_overdue_actions(fact: ActionsOverdue, session: Session, now: datetime) -> None:
    """Tell whoever is to do it, or who looks after them, of actions that are overdue."""
    _tell_of_actions(session, fact, _OVERDUE_TO[fact.told_as], now)


@notifications.handles(PlanClosed)
def tell_of_closed_plan(fact: PlanClosed, session: Session, now: datetime) -> None:
    """Tell the referrer that the work has ended, and the lead practitioner when somebody else ended it."""
    if fact.practitioner_id is not None:
        path = f"/panel/plans/{fact.plan_id}"
        _tell_person(session, fact, "plan_closed_to_practitioner", fact.practitioner_id, path, now)
    if fact.reason == NO_CONSENT and fact.agency_id is not None:
        _tell_agency(session, fact, "consent_withdrawn_to_agency", f"/panel/plans/{fact.plan_id}", now)
    is_with_social_care = fact.reason in TO_SOCIAL_CARE
    if is_with_social_care:
        hold_back_family(session, fact.request_id)
    if fact.reason not in TOLD_ALREADY:
        template = "plan_closed_to_referrer_alone" if is_with_social_care else "plan_closed"
        _tell_referrer(session, fact, template, now)


@notifications.handles(RequestJoinedPlan)
def tell_lead_of_new_request(fact: RequestJoinedPlan, session: Session, now: datetime) -> None:
    """Tell the lead practitioner that there is a new request to read; its referrer heard when triage sent it there."""
    _tell_person(session, fact, "request_joined_plan", fact.practitioner_id, f"/panel/plans/{fact.plan_id}", now)


@notifications.handles(LeadPractitionerChanged)
def tell_of_new_lead(fact: LeadPractitionerChanged, session: Session, now: datetime) -> None:
    """Tell the new lead practitioner, the earlier one, the referrer and the family, naming nobody to anybody.

    The earlier one no longer sees the plan, so their link leads to the plans that they hold.
    """
    path, due_on = f"/panel/plans/{fact.plan_id}", fact.review_due_on.isoformat()
    template = "lead_practitioner_changed_to_practitioner"
    _tell_person(session, fact, template, fact.practitioner_id, path, now, due_on=due_on)
    template = "lead_practitioner_changed_to_earlier"
    _tell_person(session, fact, template, fact.earlier_practitioner_id, "/panel/plans", now)
    _tell_referrer(session, fact, "lead_practitioner_changed", now)
    _tell_family(session, fact, "lead_practitioner_changed_to_family", now)


@notifications.handles(PersonChanged)
def refuse_ended_sessions(fact: PersonChanged, session: Session, _now: datetime) -> None:
    """Keep which of the person's sessions ended early."""
    end_sessions(session, fact.person_id, fact.sessions_end_at)


@notifications.handles(ClockMoved)
def follow_the_clock(fact: ClockMoved, session: Session, _now: datetime) -> None:
    """Let this service's training clock walk to where the clock was moved."""
    aim_clock_at(session.connection(), fact.moves_to)


def _request_page(request_id: UUID) -> str:
    return f"/referrals/requests/{request_id}"


def _offer_page(allocation_id: UUID) -> str:
    return f"/panel/allocations/{allocation_id}"


def _tell_referrer(session: Session, fact: Any, template: str, now: datetime, **data: Any) -> None:
    recipient = Recipient("referrer", fact.request_id)
    write_notice(session, fact, template, recipient, path=FOLLOW, now=now, data=data)


def _tell_family(session: Session, fact: Any, template: str, now: datetime, **data: Any) -> None:
    recipient = Recipient("family", fact.request_id)
    write_notice(session, fact, template, recipient, path=FOLLOW, now=now, data=data)


def _tell_person(
    session: Session, fact: Any, template: str, person_id: UUID, path: str, now: datetime, **data: Any
) -> None:
    write_notice(session, fact, template, Recipient("person", person_id), path=path, now=now, data=data)


def _tell_of_actions(session: Session, fact: ActionsDue | ActionsOverdue, template: str, now: datetime) -> None:
    several = "/panel/actions" if isinstance(fact, ActionsDue) else "/panel/actions?state=overdue"
    path = several if len(fact.action_ids) > 1 else f"/panel/actions/{fact.action_ids[0]}"
    data = {"actions": len(fact.action_ids), "due_on": fact.due_on.isoformat()}
    recipient = Recipient(fact.recipient_kind, fact.recipient_id)
    write_notice(session, fact, template, recipient, path=path, now=now, data=data)


def _tell_agency(session: Session, fact: Any, template: str, path: str, now: datetime, **data: Any) -> None:
    write_notice(session, fact, template, Recipient("agency", fact.agency_id), path=path, now=now, data=data)
