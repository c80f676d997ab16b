"""Events in: what the directory, the panel and notifications announce, one function per event."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.referrals.actions import agreements, known, progress
from shared.clock import aim_clock_at
from shared.ended_sessions import end_sessions
from shared.events.directory import AgencyChanged, ClockMoved, PersonChanged, ServiceChanged
from shared.events.notifications import NoticeFailed, NoticeSettled
from shared.events.panel import (
    AllocationAccepted,
    AllocationDeclined,
    AllocationOffered,
    AllocationWithdrawn,
    DecisionMade,
    FamilyAgreedToAgency,
    LeadPractitionerChanged,
    PlanClosed,
    RequestFoundPlanClosed,
    RequestJoinedPlan,
    RequestPlaced,
    RequestSentBack,
    RequestUnplaced,
)
from shared.messaging.reader import EventReader

referrals = EventReader("referrals")


@referrals.handles(AgencyChanged)
def keep_agency(fact: AgencyChanged, session: Session, now: datetime) -> None:  # noqa: ARG001
    """Keep the agency, for who is left out and for direct services."""
    known.keep_agency(session, fact.agency_id, name=fact.name, is_active=fact.is_active)


@referrals.handles(ServiceChanged)
def keep_service(fact: ServiceChanged, session: Session, now: datetime) -> None:  # noqa: ARG001
    """Keep the service, for triage to choose from."""
    known.keep_service(
        session,
        fact.service_id,
        agency_id=fact.agency_id,
        name=fact.name,
        is_open=fact.is_open,
        needs=list(fact.needs),
    )


@referrals.handles(PersonChanged)
def follow_person(fact: PersonChanged, session: Session, now: datetime) -> None:  # noqa: ARG001
    """Keep which of the person's sessions ended early, and have who leads a plan named as they are called now."""
    end_sessions(session, fact.person_id, fact.sessions_end_at)
    known.ask_anew(session, fact.person_id)


@referrals.handles(ClockMoved)
def move_clock(fact: ClockMoved, session: Session, now: datetime) -> None:  # noqa: ARG001
    """Let the training clock walk to where it was moved."""
    aim_clock_at(session.connection(), fact.moves_to)


@referrals.handles(RequestPlaced)
def follow_placing(fact: RequestPlaced, session: Session, now: datetime) -> None:
    """Keep on which meeting's agenda the request is."""
    progress.note_placed(session, fact.request_id, meeting_id=fact.meeting_id, held_on=fact.held_on, at=now)


@referrals.handles(RequestUnplaced)
def follow_losing_place(fact: RequestUnplaced, session: Session, now: datetime) -> None:
    """Keep that the request lost its place at a meeting and no other has room yet."""
    progress.note_unplaced(session, fact.request_id, meeting_id=fact.meeting_id, at=now)


@referrals.handles(DecisionMade)
def follow_decision(fact: DecisionMade, session: Session, now: datetime) -> None:  # noqa: ARG001
    """Keep what the meeting decided."""
    progress.note_decided(
        session, fact.request_id, decision_id=fact.decision_id, outcome=fact.outcome, at=fact.decided_at
    )


@referrals.handles(AllocationOffered)
def follow_offer(fact: AllocationOffered, session: Session, now: datetime) -> None:
    """Keep that the family was offered to an agency."""
    progress.note_offered(session, fact.request_id, allocation_id=fact.allocation_id, at=now)


@referrals.handles(AllocationAccepted)
def follow_acceptance(fact: AllocationAccepted, session: Session, now: datetime) -> None:
    """Keep that a plan is open, for the register."""
    progress.note_accepted(
        session,
        fact.request_id,
        plan_id=fact.plan_id,
        practitioner_id=fact.practitioner_id,
        agency_id=fact.agency_id,
        at=now,
    )


@referrals.handles(FamilyAgreedToAgency)
def keep_agreement(fact: FamilyAgreedToAgency, session: Session, now: datetime) -> None:
    """Keep that the family agreed to the agency that takes it on."""
    agreements.keep_agreement(session, fact, now)


@referrals.handles(AllocationDeclined)
def follow_refusal(fact: AllocationDeclined, session: Session, now: datetime) -> None:
    """Keep that the agency declined."""
    progress.note_declined(session, fact.request_id, allocation_id=fact.allocation_id, reason=fact.reason, at=now)


@referrals.handles(AllocationWithdrawn)
def follow_withdrawal(fact: AllocationWithdrawn, session: Session, now: datetime) -> None:
    """Keep that the agency is not asked any more."""
    progress.note_offer_withdrawn(
        session, fact.request_id, allocation_id=fact.allocation_id, because=fact.because, at=now
    )


@referrals.handles(PlanClosed)
def follow_closing(fact: PlanClosed, session: Session, now: datetime) -> None:
    """Keep that the plan ended."""
    progress.note_plan_closed(session, fact.request_id, plan_id=fact.plan_id, reason=fact.reason, at=now)


@referrals.handles(LeadPractitionerChanged)
def follow_lead(fact: LeadPractitionerChanged, session: Session, now: datetime) -> None:
    """Keep who leads the plan now."""
    progress.note_lead_changed(
        session,
        fact.request_id,
        plan_id=fact.plan_id,
        practitioner_id=fact.practitioner_id,
        agency_id=fact.agency_id,
        at=now,
    )


@referrals.handles(RequestJoinedPlan)
def follow_joining(fact: RequestJoinedPlan, session: Session, now: datetime) -> None:
    """Keep that the request was given to whoever leads the plan."""
    progress.note_joined_plan(session, fact.request_id, plan_id=fact.plan_id, at=now)


@referrals.handles(RequestFoundPlanClosed)
def take_back(fact: RequestFoundPlanClosed, session: Session, now: datetime) -> None:
    """Take the request back to triage, which thought that the plan was open."""
    progress.note_plan_found_closed(session, fact.request_id, plan_id=fact.plan_id, at=now)


@referrals.handles(RequestSentBack)
def take_back_from_panel(fact: RequestSentBack, session: Session, now: datetime) -> None:
    """Take the request back to triage, to which its panel gave it back."""
    progress.note_sent_back(session, fact.request_id, because=fact.because, sent_back_at=fact.sent_back_at, at=now)


@referrals.handles(NoticeFailed)
def show_failed_notice(fact: NoticeFailed, session: Session, now: datetime) -> None:
    """Keep that a message did not arrive, so that the front door tells them."""
    progress.note_undelivered(session, fact.request_id, notice_id=fact.notice_id, recipient=fact.recipient, at=now)


@referrals.handles(NoticeSettled)
def forget_failed_notice(fact: NoticeSettled, session: Session, _now: datetime) -> None:
    """Take away that a message did not arrive: it needs nobody any more."""
    progress.forget_undelivered(session, fact.notice_id)
