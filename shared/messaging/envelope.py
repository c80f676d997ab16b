"""The envelope round a fact: CloudEvents 1.0 in JSON, with the family key, its number, the request id and the trace."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shared.messaging.contract import EVENTS, EventType

CONTENT_TYPE = "application/cloudevents+json"


class UnreadableMessage(Exception):
    """The bytes are no envelope of ours."""


@dataclass(frozen=True)
class Envelope:
    """One message as every service reads it."""

    message_id: UUID
    topic: str
    family_key: str
    seq: int
    data: dict[str, Any]
    request_id: str
    happened_at: datetime
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


def read_envelope(content: bytes | str | dict[str, Any]) -> Envelope:
    """Return the envelope in a message body; raises UnreadableMessage."""
    try:
        body = content if isinstance(content, dict) else json.loads(content)
        return Envelope(
            message_id=UUID(body["id"]),
            topic=str(body["type"]),
            family_key=str(body["partitionkey"]),
            seq=int(body["sequence"]),
            data=dict(body["data"]),
            request_id=str(body.get("requestid", "")),
            happened_at=datetime.fromisoformat(body["time"]),
            traceparent=str(body.get("traceparent", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableMessage(f"not an envelope: {type(error).__name__}") from error
