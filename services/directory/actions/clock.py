"""Moves the training clock on, for every service."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from services.directory.queries.clock import clock_goes_to, hold_clock
from services.directory.rules.clock import check_move, step_from
from shared.audit import record
from shared.clock import aim_clock_at
from shared.errors import Conflict
from shared.events.directory import ClockMoved
from shared.messaging.outbox import announce


class NoTrainingClock(Conflict):
    """This system runs by the real time, which nobody moves."""


def move_clock_to(
    session: Session, target: datetime, *, by: UUID, now: datetime, is_training: bool, field: str = "moves_to"
) -> datetime:
    """Send the training clock to `target` and return it in UTC; raises Invalid at `field`, NoTrainingClock."""
    _refuse_unless_training(is_training)
    hold_clock(session)
    check_move(target, now=now, moves_to=clock_goes_to(session, now), field=field)
    target = target.astimezone(UTC)
    aim_clock_at(session.connection(), target)
    record(session, who=by, did="moved", subject="clock", subject_id="training", moves_to=target.isoformat())
    announce(session, ClockMoved(moves_to=target))
    return target


def move_clock_on(session: Session, step: str, *, by: UUID, now: datetime, is_training: bool) -> datetime:
    """Send the training clock one step further than it is going already, and return where; raises as `move_clock_to`."""
    _refuse_unless_training(is_training)
    hold_clock(session)
    target = step_from(clock_goes_to(session, now), step)
    return move_clock_to(session, target, by=by, now=now, is_training=is_training, field="step")


def move_clock_by_hours(session: Session, hours: int, *, by: UUID, now: datetime, is_training: bool) -> datetime:
    """Send the training clock so many hours further than it is going already; raises as `move_clock_to`, at `by_hours`."""
    _refuse_unless_training(is_training)
    hold_clock(session)
    target = clock_goes_to(session, now) + timedelta(hours=hours)
    return move_clock_to(session, target, by=by, now=now, is_training=is_training, field="by_hours")


def _refuse_unless_training(is_training: bool) -> None:
    if not is_training:
        raise NoTrainingClock("This system runs by the real time. Only a training system's clock can be moved.")
