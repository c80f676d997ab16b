"""The `work` process: publisher, consumer, retrier, clock and loops of one service, each a thread."""

import threading
import time
from collections.abc import Callable

import structlog

from shared.messaging.consumer import Consumer, Retrier
from shared.messaging.inbox import Inbox
from shared.messaging.publisher import Publisher
from shared.messaging.topology import Topology
from shared.messaging.transport import Transport
from shared.messaging.transport.memory import MemoryTransport
from shared.messaging.transport.rabbitmq import RabbitTransport
from shared.service import Loop, Resources, Service
from shared.timetable import Timekeeper

ROLES = ("publish", "consume", "clock", "loops")
_STOP_SECONDS = 8.0
"""How long all roles together may take; who runs us kills what has not ended soon after ten."""

log = structlog.get_logger()


def open_transport(broker_url: str, prefix: str) -> Transport:
    """Return the transport that a broker's address names, with queues and exchanges under `prefix`."""
    topology = Topology(prefix)
    return MemoryTransport(topology) if broker_url == "memory://" else RabbitTransport(broker_url, topology)


class Worker:
    """Runs the roles of one service until stopped; any number of copies of it are safe."""

    def __init__(
        self, service: Service, resources: Resources, transport: Transport, only: tuple[str, ...] = ROLES
    ) -> None:
        self._stop = threading.Event()
        self._wakes: list[threading.Event] = []
        self._threads = [
            threading.Thread(target=run, name=f"{service.name}-{name}", daemon=True)
            for name, run in self._roles(service, resources, transport, only)
        ]

    def _roles(
        self, service: Service, resources: Resources, transport: Transport, only: tuple[str, ...]
    ) -> list[tuple[str, Callable[[], None]]]:
        database, stop = resources.database, self._stop
        inbox = Inbox(service.events, resources.clock)
        roles: list[tuple[str, Callable[[], None]]] = []
        if "publish" in only:
            roles.append(("publish", Publisher(service.name, database, transport, stop).run))
        if "consume" in only and service.events.topics:
            topics = service.events.topics
            consumer = Consumer(service.name, topics, database, transport, inbox, stop, wake=self._wake_loops)
            roles.append(("consume", consumer.run))
            roles.append(("retry", Retrier(service.name, database, inbox, stop).run))
        if "clock" in only:
            keeper = Timekeeper(service.name, service.timetable, resources, database, stop)
            roles.append(("clock", keeper.run))
        if "loops" in only:
            roles.extend((loop.name, self._looping(service, loop, resources)) for loop in service.loops)
        return roles

    def _looping(self, service: Service, loop: Loop, resources: Resources) -> Callable[[], None]:
        wake = threading.Event()
        self._wakes.append(wake)

        def run() -> None:
            while not self._stop.is_set():
                try:
                    did_something = loop.run(resources)
                except Exception as accident:
                    log.error("loop_failed", service=service.name, job=loop.name, exc_info=accident)
                    did_something = False
                if not did_something:
                    wake.wait(loop.every_seconds)
                    wake.clear()

        return run

    def _wake_loops(self) -> None:
        for wake in self._wakes:
            wake.set()

    def start(self) -> None:
        """Start every role."""
        for thread in self._threads:
            thread.start()

    @property
    def is_whole(self) -> bool:
        """Say whether every role that was started still runs."""
        return all(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """Ask every role to finish what it holds, and wait at most eight seconds for all of them.

        What a role has not finished by then ends with the process: its transaction is undone, and what it
        held comes again.
        """
        self._stop.set()
        self._wake_loops()
        deadline = time.monotonic() + _STOP_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if held := [thread.name for thread in self._threads if thread.is_alive()]:
            log.warning("stopped_with_work_in_hand", roles=held)
