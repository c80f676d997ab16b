"""What the directory announces, to follow: who may still be signed in, and the training clock."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.notifications.handlers import notifications
from shared.clock import aim_clock_at
from shared.ended_sessions import end_sessions
from shared.events.directory import ClockMoved, PersonChanged


@notifications.handles(PersonChanged)
def refuse_ended_sessions(fact: PersonChanged, session: Session, _now: datetime) -> None:
    """Keep which of the person's sessions ended early."""
    end_sessions(session, fact.person_id, fact.sessions_end_at)


@notifications.handles(ClockMoved)
def follow_the_clock(fact: ClockMoved, session: Session, _now: datetime) -> None:
    """Let this service's training clock walk to where the clock was moved."""
    aim_clock_at(session.connection(), fact.moves_to)
