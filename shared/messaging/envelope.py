"""The envelope round a fact: CloudEvents 1.0 in JSON, with the family key, its number, the request id and the trace."""

from datetime import UTC
from typing import Any
from uuid import UUID

import msgspec

from shared.messaging.contract import EVENTS, EventType, Instant

CONTENT_TYPE = "application/cloudevents+json"


class UnreadableMessage(Exception):
    """The bytes are no envelope of ours."""


class Envelope(
    msgspec.Struct,
    frozen=True,
    rename={
        "message_id": "id",
        "topic": "type",
        "family_key": "partitionkey",
        "seq": "sequence",
        "request_id": "requestid",
        "happened_at": "time",
    },
):
    """One message as every service reads it."""

    message_id: UUID
    topic: str
    family_key: str
    seq: int
    data: dict[str, Any]
    request_id: str
    happened_at: Instant
    traceparent: str = ""

    @property
    def event_type(self) -> EventType | None:
        """Return the declaration of the event, or None when this code does not know it."""
        return EVENTS.get(self.topic)

    def as_json(self) -> dict[str, Any]:
        """Return the envelope as a CloudEvents 1.0 JSON object."""
        trace = {"traceparent": self.traceparent} if self.traceparent else {}
        return {
            "specversion": "1.0",
            "id": str(self.message_id),
            "source": f"/{self.topic.partition('.')[0]}",
            "type": self.topic,
            "time": self.happened_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "partitionkey": self.family_key,
            "sequence": str(self.seq),
            "requestid": self.request_id,
            **trace,
            "data": self.data,
        }


_FROM_BYTES = msgspec.json.Decoder(Envelope, strict=False)


def read_envelope(content: bytes | str | dict[str, Any]) -> Envelope:
    """Return the envelope in a message body; raises UnreadableMessage."""
    try:
        if isinstance(content, dict):
            return msgspec.convert(content, Envelope, strict=False)
        return _FROM_BYTES.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableMessage(f"not an envelope: {type(error).__name__}") from error
