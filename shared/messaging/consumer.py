"""Reads the service's queue into its inbox: a batch in one transaction, then one acknowledgement."""

import threading
from collections.abc import Callable, Sequence

import structlog

from shared.database import Database
from shared.messaging.envelope import Envelope, UnreadableMessage, read_envelope
from shared.messaging.inbox import Inbox
from shared.messaging.transport import Incoming, Receiver, Transport

BATCH = 50
_WAIT_SECONDS = 0.5
_PAUSE_AFTER_LOSS = 1.0
_RETRY_EVERY = 1.0

log = structlog.get_logger()


class Consumer:
    """A role of the `work` process: takes what is there, handles it, acknowledges it.

    `wake` is called after each batch: the handlers may have left work for the loops.
    """

    def __init__(
        self,
        service: str,
        topics: Sequence[str],
        database: Database,
        transport: Transport,
        inbox: Inbox,
        stop: threading.Event,
        *,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._wake = wake
        self._service = service
        self._topics = topics
        self._database = database
        self._transport = transport
        self._inbox = inbox
        self._stop = stop

    def run(self) -> None:
        """Consume until told to stop, connecting anew after every loss."""
        while not self._stop.is_set():
            try:
                self._consume()
            except Exception as error:
                # Nothing was acknowledged, so the messages come again; a role that died would be worse.
                log.warning("consumer_interrupted", service=self._service, exc_info=error)
                self._stop.wait(_PAUSE_AFTER_LOSS)

    def _consume(self) -> None:
        # Messages taken while the database is away would go back to the queue, and each return counts
        # towards the broker's delivery limit; so none is taken before it answers.
        while not self._database.answers():
            if self._stop.wait(_PAUSE_AFTER_LOSS):
                return
        self._transport.declare(self._service, self._topics)
        receiver = self._transport.receiver(self._service, self._topics)
        try:
            while not self._stop.is_set():
                if batch := receiver.receive(BATCH, _WAIT_SECONDS):
                    self._take(receiver, batch)
        finally:
            receiver.close()

    def _take(self, receiver: Receiver, batch: Sequence[Incoming]) -> None:
        readable: list[Incoming] = []
        envelopes: list[Envelope] = []
        for message in batch:
            try:
                envelopes.append(read_envelope(message.body))
                readable.append(message)
            except UnreadableMessage as error:
                log.error("message_unreadable", service=self._service, error=str(error))
                receiver.refuse(message)
        with self._database.begin() as session:
            for envelope in envelopes:
                self._inbox.take(session, envelope)
        self._wake()
        receiver.acknowledge(readable)


class Retrier:
    """A role of the `work` process: tries facts again that failed earlier and are due now."""

    def __init__(self, service: str, database: Database, inbox: Inbox, stop: threading.Event) -> None:
        self._service = service
        self._database = database
        self._inbox = inbox
        self._stop = stop

    def run(self) -> None:
        """Sweep until told to stop."""
        while not self._stop.wait(_RETRY_EVERY):
            try:
                while self._retry_one() and not self._stop.is_set():
                    pass
            except Exception as error:
                log.warning("retrier_interrupted", service=self._service, exc_info=error)
                self._stop.wait(_PAUSE_AFTER_LOSS)

    def _retry_one(self) -> bool:
        with self._database.begin() as session:
            return self._inbox.retry_due(session)
