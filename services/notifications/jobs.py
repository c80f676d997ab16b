"""What runs by itself: sending what is due, and settling what a sender that died left behind."""

from datetime import UTC, datetime

from services.notifications.actions import attempts
from services.notifications.carriers.choose import carrier_of
from services.notifications.sender import send_next
from shared.service import Loop, Resources


def send_due_notices(resources: Resources) -> bool:
    """Send one notice; any number of workers may do so at once."""
    return send_next(resources, carrier_of(resources))


def settle_interrupted_notices(resources: Resources) -> bool:
    """Settle one notice whose sender died between sending and recording."""
    with resources.database.begin() as session:
        return attempts.settle_interrupted(
            session,
            is_repeatable=carrier_of(resources).is_repeatable,
            now=resources.clock.now(),
            real_now=datetime.now(UTC),
        )


LOOPS = (Loop(send_due_notices, every_seconds=1.0), Loop(settle_interrupted_notices, every_seconds=10.0))
