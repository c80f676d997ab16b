"""How a message leaves: the built-in inbox of a training system, or a mail server and an SMS gateway.

A carrier gives the message or raises: `Later` when another try may work, `Refused` when none will, `NobodyKnows`
when the message may have left all the same. What they say holds no address and no word of the message.
"""

from datetime import datetime
from typing import Protocol

from services.notifications.messages import Message


class Later(Exception):
    """The carrier is away, full or busy: nothing was sent, and another try may work."""


class Refused(Exception):
    """The carrier said no, and would say it again."""


class NobodyKnows(Exception):
    """The carrier went silent in the middle: the message may have left."""


class Carrier(Protocol):
    """Something that takes messages to people."""

    is_repeatable: bool
    """Whether the same message may be given to it twice without anybody getting it twice."""

    def send(self, message: Message, now: datetime) -> None:
        """Take the message; raises Later, Refused, NobodyKnows."""
