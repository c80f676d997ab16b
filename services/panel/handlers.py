"""Events in, one function per event. Each fact has one handler in a service, whatever it changes there."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.panel.actions import people
from services.panel.actions.amended import note_amended
from services.panel.actions.consent import ask_again
from services.panel.actions.joined_requests import join_plan
from services.panel.actions.letting_go import let_go, take_back_from_agency
from services.panel.actions.papers import want_paper
from services.panel.actions.queue import queue_request, told_of_request
from shared.clock import aim_clock_at
from shared.ended_sessions import end_sessions
from shared.events.directory import AgencyChanged, ClockMoved, PersonChanged, ServiceChanged
from shared.events.referrals import (
    ConsentChanged,
    ConsentWithdrawn,
    MoreInformationAsked,
    RequestAddedToPlan,
    RequestAmended,
    RequestReadyForPanel,
    RequestSignposted,
    RequestTakenBack,
    RequestWithdrawn,
    SafeguardingRaised,
)
from shared.messaging.reader import EventReader

panel = EventReader("panel")


@panel.handles(RequestReadyForPanel)
def queue_for_panel(fact: RequestReadyForPanel, session: Session, now: datetime) -> None:
    """Let the request wait for its panel, and have its paper fetched."""
    take_back_from_agency(session, fact.request_id, because="ready_for_panel", now=now)
    want_paper(session, fact.request_id)
    queue_request(
        session,
        **told_of_request(fact),
        panel_key=fact.panel_key,
        why="new",
        now=now,
    )


@panel.handles(RequestWithdrawn)
def let_go_withdrawn(fact: RequestWithdrawn, session: Session, now: datetime) -> None:
    """Take a withdrawn request out of queue and agenda, and back from an agency."""
    let_go(session, fact.request_id, because="withdrawn", now=now)


@panel.handles(RequestTakenBack)
def let_go_taken_back(fact: RequestTakenBack, session: Session, now: datetime) -> None:
    """Take a request out that triage decides about anew."""
    let_go(session, fact.request_id, because="taken_back", now=now)


@panel.handles(SafeguardingRaised)
def let_go_to_social_care(fact: SafeguardingRaised, session: Session, now: datetime) -> None:
    """Take a request that went to social care out of queue and agenda, and back from an agency."""
    let_go(session, fact.request_id, because="safeguarding", now=now)


@panel.handles(RequestSignposted)
def let_go_signposted(fact: RequestSignposted, session: Session, now: datetime) -> None:
    """Take a request out that a second triage pointed elsewhere."""
    let_go(session, fact.request_id, because="signposted", now=now)


@panel.handles(MoreInformationAsked)
def let_go_incomplete(fact: MoreInformationAsked, session: Session, now: datetime) -> None:
    """Take a request out for which a second triage needs to know more."""
    let_go(session, fact.request_id, because="more_information_asked", now=now)


@panel.handles(RequestAddedToPlan)
def give_to_plan(fact: RequestAddedToPlan, session: Session, now: datetime) -> None:
    """Put a request with the family's plan, for whoever leads it; it waits nowhere else."""
    let_go(session, fact.request_id, because="added_to_plan", now=now)
    join_plan(session, fact, now)


@panel.handles(ConsentChanged)
def ask_for_newest_answer(fact: ConsentChanged, session: Session, _now: datetime) -> None:
    """Have the paper fetched anew; until then it is closed to nearly everybody."""
    ask_again(session, fact)


@panel.handles(ConsentWithdrawn)
def stop_without_consent(fact: ConsentWithdrawn, session: Session, now: datetime) -> None:
    """Stop everything about a family that does not agree any more: queue, agenda, offer and plan."""
    let_go(session, fact.request_id, because="consent_withdrawn", now=now)


@panel.handles(RequestAmended)
def follow_amendment(fact: RequestAmended, session: Session, now: datetime) -> None:
    """Show that more was said about a request, and pass on to whom it matters that there is more to read."""
    note_amended(session, fact, now)


@panel.handles(AgencyChanged)
def keep_agency(fact: AgencyChanged, session: Session, _now: datetime) -> None:
    """Keep the agency as it was announced."""
    people.keep_agency(session, fact)


@panel.handles(ServiceChanged)
def keep_service(fact: ServiceChanged, session: Session, _now: datetime) -> None:
    """Keep the service as it was announced."""
    people.keep_service(session, fact)


@panel.handles(PersonChanged)
def keep_person(fact: PersonChanged, session: Session, _now: datetime) -> None:
    """Keep who the person is, and which sessions ended; their name is asked of the directory by a loop."""
    people.keep_person(session, fact)
    end_sessions(session, fact.person_id, fact.sessions_end_at)


@panel.handles(ClockMoved)
def follow_clock(fact: ClockMoved, session: Session, _now: datetime) -> None:
    """Let the service's clock walk to where the rehearsal's clock was moved."""
    aim_clock_at(session.connection(), fact.moves_to)
