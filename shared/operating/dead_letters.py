"""Messages that lie where no service reads them: dead letters, and what no queue takes. Ids and codes, never a body.

Looking means taking without acknowledging: what was not settled lies there again when the look ends. Until then nobody
else sees it. Each look counts as a delivery; the policy in deploy/rabbitmq lets a message be looked at a million times.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pika
from pika.exceptions import ChannelClosedByBroker, NackError, UnroutableError

from shared.audit import record
from shared.database import Database
from shared.errors import Conflict, Invalid
from shared.messaging.envelope import Envelope, UnreadableMessage, read_envelope
from shared.operating.broker import messages_in

LARGEST_LOOK = 10_000
_SHORTEST_REASON = 10
_SECONDS_TO_RETURN = 2.0
_LOOK_EVERY = 0.02
_TOPIC = re.compile(r"[a-z_]+(\.[a-z_]+)+\.v\d+")
_REASONS = {
    "rejected": "it could not be read",
    "delivery_limit": "it came back too often: its reader died, or was cut off, with it in hand",
    "maxlen": "its queue was full",
    "expired": "it was too old",
}


@dataclass(frozen=True)
class Letter:
    """A message that was set aside; `since` is when, or when its fact happened (UTC), where either can be read.

    `letter_id` is its message's id, or a digest of its bytes where they carry none.
    """

    letter_id: str
    topic: str
    family_key: str
    reason: str
    since: datetime | None
    size: int
    delivery_tag: int = field(repr=False)
    properties: Any = field(repr=False)
    body: bytes = field(repr=False)


class SetAside:
    """A queue that no service reads, while somebody looks through it."""

    def __init__(self, connection: pika.BlockingConnection, queue: str) -> None:
        self.queue = queue
        self._connection = connection
        self._in_hand = 0
        self._channel = connection.channel()
        try:
            self.letters = messages_in(self._channel, queue)
        except ChannelClosedByBroker:
            # A queue that is not there has no letters; `topology check` is who says that it is missing.
            self._channel = connection.channel()
            self.letters = 0
        self._channel.confirm_delivery()

    def __enter__(self) -> "SetAside":
        return self

    def __exit__(self, *_: object) -> None:
        if self._channel.is_open:
            self._give_back()
            self._channel.close()

    def look(self, limit: int = LARGEST_LOOK) -> Iterator[Letter]:
        """Take the letters that lie there now, the oldest first, at most `limit`."""
        for _ in range(min(limit, self.letters)):
            method, properties, body = self._channel.basic_get(self.queue)
            if method is None:
                return
            self._in_hand += 1
            yield _letter(method, properties, body)

    def send(self, letter: Letter, queues: Sequence[str]) -> None:
        """Put a copy into each queue and wait until the broker has it; raises Conflict."""
        for queue in queues:
            try:
                self._channel.basic_publish("", queue, letter.body, _clean(letter.properties), mandatory=True)
            except UnroutableError:
                raise Conflict(f"There is no queue {queue}; `topology apply` makes it.") from None
            except NackError:
                raise Conflict(f"The queue {queue} takes no more.") from None

    def settle(self, letter: Letter) -> None:
        """Take the letter away for good."""
        self._channel.basic_ack(letter.delivery_tag)
        self._in_hand -= 1

    def _give_back(self) -> None:
        """Return what was not settled, and wait until the next look can find it."""
        if not self._in_hand:
            return
        self._channel.basic_nack(0, multiple=True, requeue=True)
        until = time.monotonic() + _SECONDS_TO_RETURN
        while messages_in(self._channel, self.queue) < self._in_hand and time.monotonic() < until:
            self._connection.sleep(_LOOK_EVERY)


def put_back(database: Database, aside: SetAside, letter: Letter, *, to: Sequence[str], by: str) -> None:
    """Send a letter to the queues that it is for, and take it away; audited. Raises Conflict when it cannot be."""
    if not to:
        raise Conflict(f"No service reads {letter.topic or 'it'}.")
    with database.begin() as session:
        _audit(session, aside, letter, by=by, did="put_dead_letter_back")
        aside.send(letter, to)
    # Last, so that a crash before it leaves the letter twice rather than nowhere; a reader drops the second.
    aside.settle(letter)


def throw_away(database: Database, aside: SetAside, letter: Letter, *, why: str, by: str) -> None:
    """Give a letter up for ever, for a reason that the audit keeps; raises Invalid without one."""
    if len(why.strip()) < _SHORTEST_REASON:
        raise Invalid("Say why this message can be given up.")
    with database.begin() as session:
        _audit(session, aside, letter, by=by, did="discarded_dead_letter", why=why.strip())
    aside.settle(letter)


def _audit(session: Any, aside: SetAside, letter: Letter, *, by: str, did: str, **details: str) -> None:
    record(
        session,
        who=by,
        did=did,
        subject="message",
        subject_id=letter.letter_id,
        topic=letter.topic,
        queue=aside.queue,
        reason=letter.reason,
        **details,
    )


def _letter(method: Any, properties: Any, body: bytes) -> Letter:
    envelope = _readable(body)
    deaths: list[dict[str, Any]] = (properties.headers or {}).get("x-death") or []
    died_at = deaths[0].get("time") if deaths else None
    happened_at = envelope.happened_at if envelope else None
    ids = (properties.message_id, str(envelope.message_id) if envelope else None)
    topics = (properties.type, envelope.topic if envelope else None, method.routing_key)
    return Letter(
        letter_id=_first(ids, _is_id) or f"sha256-{hashlib.sha256(body).hexdigest()[:16]}",
        topic=_first(topics, lambda text: bool(_TOPIC.fullmatch(text))),
        family_key=_first((envelope.family_key,), _is_id) if envelope else "",
        reason=_reason(deaths),
        since=died_at.replace(tzinfo=UTC) if died_at else happened_at,
        size=len(body),
        delivery_tag=method.delivery_tag,
        properties=properties,
        body=body,
    )


def _reason(deaths: Sequence[dict[str, Any]]) -> str:
    if not deaths:
        return "no queue takes it"
    reason = str(deaths[0].get("reason"))
    return _REASONS.get(reason, reason)


def _first(texts: Sequence[str | None], is_good: Callable[[str], bool]) -> str:
    """Return the first text of the right form: a damaged message may hold anything, and is not quoted."""
    return next((text for text in texts if text and is_good(text)), "")


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _readable(body: bytes) -> Envelope | None:
    try:
        return read_envelope(body)
    except UnreadableMessage:
        return None


def _clean(properties: Any) -> pika.BasicProperties:
    """Return the properties without what the broker noted: a message that comes back with its deaths may be dropped."""
    kept = {name: value for name, value in (properties.headers or {}).items() if not name.startswith("x-")}
    return pika.BasicProperties(
        content_type=properties.content_type,
        content_encoding=properties.content_encoding,
        headers=kept,
        delivery_mode=pika.DeliveryMode.Persistent.value,
        message_id=properties.message_id,
        timestamp=properties.timestamp,
        type=properties.type,
    )
