"""Reads the service's queue into its inbox: a batch in one transaction, then one acknowledgement."""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog

from shared.database import Database
from shared.messaging.envelope import Envelope, UnreadableMessage, read_envelope
from shared.messaging.inbox import Inbox
from shared.messaging.transport import Incoming, Receiver, Transport
from shared.metrics.figures import INTERRUPTIONS, UNREADABLE

BATCH = 50
_WAIT_SECONDS = 1.0
_PAUSE_AFTER_LOSS = 1.0
_RETRY_EVERY = 2.0
_PATIENCE = timedelta(milliseconds=100)
"""A batch holds the locks of many families at once, so a person's own transaction may wait for it while it waits
for them. It lets go long before PostgreSQL looks for deadlocks (1 s) and might choose the person's to undo."""

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
        self._batches = database.in_haste(_PATIENCE)
        self._transport = transport
        self._inbox = inbox
        self._stop = stop

    def run(self) -> None:
        """Consume until told to stop, connecting anew after every loss."""
        interruptions = INTERRUPTIONS.labels(self._service, "consumer")
        while not self._stop.is_set():
            try:
                self._consume()
            except Exception as error:
                # Nothing was acknowledged, so the messages come again; a role that died would be worse.
                interruptions.inc()
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
                UNREADABLE.labels(self._service).inc()
                log.error("message_unreadable", service=self._service, error=str(error))
                receiver.refuse(message)
        self.handle(envelopes)
        self._wake()
        receiver.acknowledge(readable)

    def handle(self, envelopes: Sequence[Envelope]) -> None:
        """Handle a batch in one transaction; when that fails, each of its facts in one of its own."""
        try:
            with self._batches.begin() as session:
                self._inbox.take_together(session, envelopes)
        except Exception as accident:
            log.warning("batch_taken_apart", service=self._service, count=len(envelopes), exc_info=accident)
            for envelope in envelopes:
                with self._database.begin() as session:
                    self._inbox.take(session, envelope)


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
