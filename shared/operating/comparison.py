"""How the broker differs from what the code wants, in words, and what can be done about it.

A look changes nothing: what is there is declared once more with the wanted arguments, which the broker refuses where
they are others. AMQP cannot list bindings; those that are there come from `bindings.py`, for whoever may ask for them.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import ChannelClosedByBroker

from shared.operating.broker import SECONDS_TO_ANSWER, connected
from shared.operating.layout import Binding, Layout, WantedExchange, WantedQueue

_NOT_FOUND, _ACCESS_REFUSED, _PRECONDITION_FAILED = 404, 403, 406
_OTHER_ARGUMENT = re.compile(
    r"inequivalent arg '(?P<argument>[^']+)' for .*received (?P<wanted>.+) but current is (?P<found>.+)"
)


class Lack(Enum):
    """In which way the broker differs."""

    MISSING = "is not there"
    OTHER = "is there, but not as the code wants it"
    UNWANTED = "is there, and no code wants it"


@dataclass(frozen=True)
class Difference:
    """One way in which the broker is not what the code wants; `what` is "queue panel.events", `says` a sentence."""

    lack: Lack
    what: str
    says: str


def differences(connection: pika.BlockingConnection, layout: Layout) -> list[Difference]:
    """Return how exchanges and queues differ; bindings cannot be seen this way."""
    found = [_of_exchange(connection, exchange) for exchange in layout.exchanges]
    found += [_of_queue(connection, queue) for queue in layout.queues]
    return [difference for difference in found if difference is not None]


def binding_differences(layout: Layout, there: Collection[Binding]) -> list[Difference]:
    """Return which bindings are missing, and which are there that the code no longer wants."""
    missing = [_of_binding(Lack.MISSING, one, "is not bound for") for one in sorted(layout.bindings - set(there))]
    unwanted = [
        _of_binding(Lack.UNWANTED, one, "is bound for something that the code does not read:")
        for one in sorted(set(there) - layout.bindings)
    ]
    return missing + unwanted


def what_hinders(broker_url: str, layout: Layout, *, seconds: float = SECONDS_TO_ANSWER) -> list[Difference]:
    """Return what a service that starts cannot mend by itself: things that are there, but not as wanted.

    What is missing is no hindrance: a consumer declares it. Raises BrokerAway.
    """
    with connected(broker_url, seconds=seconds) as connection:
        return [one for one in differences(connection, layout) if one.lack is Lack.OTHER]


def apply(connection: pika.BlockingConnection, layout: Layout) -> list[Difference]:
    """Declare and bind what is missing; return what cannot be changed, because it is there with other arguments."""
    cannot = [one for one in differences(connection, layout) if one.lack is Lack.OTHER]
    others = {one.what for one in cannot}
    channel = connection.channel()
    for exchange in layout.exchanges:
        if _name_of(exchange) not in others:
            _declare_exchange(channel, exchange)
    for queue in layout.queues:
        if _name_of(queue) not in others:
            _declare_queue(channel, queue)
        for binding in queue.bindings:
            channel.queue_bind(binding.queue, binding.exchange, binding.routing_key)
    channel.close()
    return cannot


def unbind(connection: pika.BlockingConnection, bindings: Collection[Binding]) -> None:
    """Take bindings away: what they stood for no longer reaches their queue."""
    channel = connection.channel()
    for binding in sorted(bindings):
        channel.queue_unbind(binding.queue, binding.exchange, binding.routing_key)
    channel.close()


def _name_of(wanted: WantedExchange | WantedQueue) -> str:
    return f"{'exchange' if isinstance(wanted, WantedExchange) else 'queue'} {wanted.name}"


def _of_exchange(connection: pika.BlockingConnection, exchange: WantedExchange) -> Difference | None:
    return _look(
        connection,
        _name_of(exchange),
        lambda channel: channel.exchange_declare(exchange.name, exchange.kind, passive=True),
        lambda channel: _declare_exchange(channel, exchange),
    )


def _of_queue(connection: pika.BlockingConnection, queue: WantedQueue) -> Difference | None:
    return _look(
        connection,
        _name_of(queue),
        lambda channel: channel.queue_declare(queue.name, passive=True),
        lambda channel: _declare_queue(channel, queue),
    )


def _look(
    connection: pika.BlockingConnection,
    what: str,
    see: Callable[[BlockingChannel], Any],
    declare: Callable[[BlockingChannel], Any],
) -> Difference | None:
    # A refusal closes the channel, so each look has one of its own. Only what is there is declared once more.
    channel = connection.channel()
    try:
        see(channel)
        declare(channel)
    except ChannelClosedByBroker as refused:
        if refused.reply_code == _NOT_FOUND:
            return Difference(Lack.MISSING, what, f"The {what} is not there.")
        if refused.reply_code not in (_ACCESS_REFUSED, _PRECONDITION_FAILED):
            raise  # The broker is not well, as in the moments of an election; what it has cannot be said.
        return Difference(Lack.OTHER, what, f"The {what} {_other(refused.reply_text)}")
    channel.close()
    return None


def _other(reply: str) -> str:
    found = _OTHER_ARGUMENT.search(reply)
    if found is None:
        return f"cannot be used: {reply}."
    value, wanted = (found[group].strip("'") for group in ("found", "wanted"))
    return f"has {found['argument']}: {value} on the broker, {wanted} in the code."


def _of_binding(lack: Lack, binding: Binding, words: str) -> Difference:
    key = binding.routing_key or "everything"
    return Difference(
        lack, f"queue {binding.queue}", f"The queue {binding.queue} {words} {key} (exchange {binding.exchange})."
    )


def _declare_exchange(channel: BlockingChannel, exchange: WantedExchange) -> None:
    channel.exchange_declare(exchange.name, exchange.kind, durable=True, arguments=dict(exchange.arguments))


def _declare_queue(channel: BlockingChannel, queue: WantedQueue) -> None:
    channel.queue_declare(queue.name, durable=True, arguments=dict(queue.arguments))
