"""What the directory announces: agencies, services, people, and the training clock."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.panel.actions import people
from services.panel.handlers import panel
from shared.clock import aim_clock_at
from shared.ended_sessions import end_sessions
from shared.events.directory import AgencyChanged, ClockMoved, PersonChanged, ServiceChanged


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
