"""How messages reach the other services: one small interface, RabbitMQ or this process's memory.

`memory.py` is for `make run`: everything in one process. What survives a crash there is the outbox.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID


class TransportLost(Exception):
    """The connection is gone or cannot be trusted any more; `confirmed` is what arrived before."""

    def __init__(self, reason: str, confirmed: frozenset[UUID] = frozenset()) -> None:
        super().__init__(reason)
        self.confirmed = confirmed


@dataclass(frozen=True)
class Outgoing:
    """One message to send."""

    message_id: UUID
    topic: str
    body: str


@dataclass(frozen=True)
class Published:
    """What became of a batch: which messages the broker has taken, and which it returned and why."""

    confirmed: frozenset[UUID]
    returned: dict[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Incoming:
    """One message taken from the queue, not yet acknowledged."""

    body: bytes | str
    delivery_tag: Any


class Sender(Protocol):
    """The publisher's side."""

    def publish(self, messages: Sequence[Outgoing]) -> Published:
        """Send a batch and return what the broker confirmed; raises TransportLost."""

    def keep_alive(self) -> None:
        """Keep an idle connection, and look whether the broker answers; raises TransportLost."""

    def everything_is_handled(self) -> bool:
        """Say whether no message is on its way; only the in-memory transport can know."""

    def close(self) -> None:
        """Let the connection go."""


class Receiver(Protocol):
    """The consumer's side."""

    def receive(self, limit: int, timeout: float) -> list[Incoming]:
        """Wait up to `timeout` seconds for messages and return at most `limit`; raises TransportLost."""

    def acknowledge(self, batch: Sequence[Incoming]) -> None:
        """Tell the broker that the batch is safe; raises TransportLost."""

    def refuse(self, message: Incoming) -> None:
        """Send an unreadable message to the dead letters; raises TransportLost."""

    def close(self) -> None:
        """Let the connection go; what was not acknowledged comes again."""


class Transport(Protocol):
    """Opens the two sides, each with a connection of its own, in the thread that uses it."""

    @property
    def has_broker(self) -> bool:
        """Say whether a broker stands between the services, which may be away."""

    def declare(self, service: str, topics: Sequence[str]) -> None:
        """Make sure that the service's queue is there and bound for its events; raises TransportLost."""

    def sender(self) -> Sender:
        """Open the publisher's side; raises TransportLost."""

    def receiver(self, service: str, topics: Sequence[str]) -> Receiver:
        """Open the consumer's side of a declared queue; raises TransportLost."""
