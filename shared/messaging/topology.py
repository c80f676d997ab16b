"""Every name on the broker, and nothing else knows one."""

from collections.abc import Iterable
from dataclasses import dataclass

from kombu import Exchange, Queue, binding

DEAD_LETTER_LIMIT = 50
QUEUE_LIMIT = 1_000_000


@dataclass(frozen=True)
class Topology:
    """The exchanges and queues under one prefix; a second prefix gives a second, separate system."""

    prefix: str = "earlyhelp"

    @property
    def events(self) -> Exchange:
        """Return the topic exchange that every event goes to."""
        return Exchange(
            f"{self.prefix}.events",
            type="topic",
            durable=True,
            arguments={"alternate-exchange": self.unrouted_exchange.name},
        )

    @property
    def unrouted_exchange(self) -> Exchange:
        """Return where the broker sends what no queue is bound for."""
        return Exchange(f"{self.prefix}.unrouted", type="fanout", durable=True)

    def unrouted_queue(self) -> Queue:
        """Return the queue of what nobody reads; anything in it is a mistake to look at."""
        return Queue(
            f"{self.prefix}.unrouted",
            exchange=self.unrouted_exchange,
            durable=True,
            queue_arguments={"x-queue-type": "quorum"},
        )

    def queue_name(self, service: str) -> str:
        """Return the name of the queue that a service reads."""
        return f"{self.prefix}.{service}.events"

    def dead_letter_name(self, service: str) -> str:
        """Return the name of the queue for bytes the service could not read."""
        return f"{self.prefix}.{service}.dlq"

    def queue(self, service: str, topics: Iterable[str]) -> Queue:
        """Return the one queue of a service, bound for the events it handles."""
        return Queue(
            self.queue_name(service),
            bindings=[binding(self.events, routing_key=topic) for topic in sorted(topics)],
            durable=True,
            queue_arguments={
                "x-queue-type": "quorum",
                "x-single-active-consumer": True,
                "x-dead-letter-exchange": "",
                "x-dead-letter-routing-key": self.dead_letter_name(service),
                "x-dead-letter-strategy": "at-least-once",
                "x-overflow": "reject-publish",
                "x-max-length": QUEUE_LIMIT,
                "x-delivery-limit": DEAD_LETTER_LIMIT,
            },
        )

    def dead_letter_queue(self, service: str) -> Queue:
        """Return the dead-letter queue of a service."""
        return Queue(
            self.dead_letter_name(service),
            durable=True,
            queue_arguments={"x-queue-type": "quorum", "x-max-length": QUEUE_LIMIT},
        )
