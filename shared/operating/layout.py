"""What the code wants on the broker, as plain values: what the operator's commands print, compare and declare."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from kombu import Exchange, Queue

from shared.messaging.topology import Topology


@dataclass(frozen=True, order=True)
class Binding:
    """Sends what is published to an exchange with this routing key into a queue."""

    exchange: str
    queue: str
    routing_key: str


@dataclass(frozen=True)
class WantedExchange:
    """An exchange with its kind and arguments."""

    name: str
    kind: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class WantedQueue:
    """A queue with its arguments, what it is bound for, and what it is for in words."""

    name: str
    purpose: str
    arguments: Mapping[str, Any]
    bindings: tuple[Binding, ...] = ()


@dataclass(frozen=True)
class Layout:
    """Exchanges and queues, in the order in which they can be declared."""

    exchanges: tuple[WantedExchange, ...]
    queues: tuple[WantedQueue, ...]

    @property
    def bindings(self) -> frozenset[Binding]:
        """Return every binding."""
        return frozenset(binding for queue in self.queues for binding in queue.bindings)


def layout_of(topology: Topology, readers: Mapping[str, Collection[str]]) -> Layout:
    """Return what the broker must have for these services, each with the topics that it reads."""
    unrouted = topology.unrouted_queue()
    queues = [_queue(unrouted, "facts that no queue takes", [_binding(unrouted.exchange, unrouted, "")])]
    for service, topics in readers.items():
        events = topology.queue(service, topics)
        bindings = [_binding(topology.events, events, topic) for topic in sorted(topics)]
        queues.append(_queue(topology.dead_letter_queue(service), f"dead letters of {service}", []))
        queues.append(_queue(events, f"facts for {service}", bindings))
    exchanges = (topology.unrouted_exchange, topology.events)
    return Layout(
        tuple(WantedExchange(exchange.name, exchange.type, exchange.arguments or {}) for exchange in exchanges),
        tuple(queues),
    )


def _queue(queue: Queue, purpose: str, bindings: list[Binding]) -> WantedQueue:
    return WantedQueue(queue.name, purpose, queue.queue_arguments or {}, tuple(bindings))


def _binding(exchange: Exchange, queue: Queue, routing_key: str) -> Binding:
    return Binding(exchange.name, queue.name, routing_key)
