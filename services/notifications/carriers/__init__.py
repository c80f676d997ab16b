"""How a message leaves: the built-in inbox of a training system, or a mail server and an SMS gateway.

A carrier gives the message or raises: `Later` when another try may work, `Refused` when none will, `NobodyKnows`
when the message may have left all the same. What they say holds no address and no word of the message.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from services.notifications.messages import Message


class Later(Exception):
    """The carrier is away, full or busy: nothing was sent, and another try may work."""


class Refused(Exception):
    """The carrier said no, and would say it again."""


class NobodyKnows(Exception):
    """The carrier went silent in the middle: the message may have left."""


@contextmanager
def before_handing_over(what_failed: str) -> Iterator[None]:
    """Turn every accident in the block, also one that nobody thought of, into Later: the message surely did not leave.

    Only the accident's type is kept: its words may repeat the address.
    """
    try:
        yield
    except (Later, Refused):
        raise
    except Exception as accident:
        raise Later(f"{what_failed}: {type(accident).__name__}") from accident


class Carrier(Protocol):
    """Something that takes messages to people."""

    is_repeatable: bool
    """Whether the same message may be given to it twice without anybody getting it twice."""

    def send(self, message: Message, now: datetime) -> None:
        """Take the message; raises Later, Refused, NobodyKnows."""
