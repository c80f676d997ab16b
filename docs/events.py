"""Writes what travels between the services: a page, an AsyncAPI 3 document, a JSON Schema for each event: `make events`.

All come from the declared events and from who handles them, so they cannot tell anything else. A test compares.
"""

import json
from dataclasses import dataclass
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

import shared.events  # noqa: F401 - declares them
from shared.messaging.contract import EVENTS, EventType
from shared.messaging.envelope import CONTENT_TYPE
from shared.messaging.topology import Topology
from shared.service import SERVICES, Service

_HERE = Path(__file__).parent
PAGE, DOCUMENT, SCHEMAS = _HERE / "events.md", _HERE / "asyncapi.json", _HERE / "schemas"


@dataclass(frozen=True)
class _Reader:
    service: str
    topics: tuple[str, ...]


def page() -> str:
    """Return the page of all events: by the service that announces them, each with its fields and readers."""
    readers = _readers()
    parts = [
        "# What travels between the services\n",
        "Written by `make events` from `shared/events/`; a test fails when it is out of date. A fact carries ids, dates and"
        " codes, never a name, an address or a note. Facts with the same key stay in their order.\n",
    ]
    for owner in SERVICES:
        parts.append(f"## {owner}\n")
        parts.extend(_section(kind, readers) for kind in _events_of(owner))
    return "\n".join(parts)


def document() -> dict[str, Any]:
    """Return the AsyncAPI 3 document of all events: a channel for each, sent by its owner and received by its readers."""
    schemas = _schemas()
    kinds = sorted(EVENTS.values(), key=lambda kind: kind.name)
    exchange = Topology().events
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Early help panels",
            "version": "1",
            "description": "Facts between the services, as CloudEvents 1.0 in JSON.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {kind.name: _channel(kind, exchange.name) for kind in kinds},
        "operations": _operations(kinds),
        "components": {
            "messages": {kind.name: _message(kind) for kind in kinds},
            "schemas": {kind.name: _envelope_schema(kind, schemas) for kind in kinds},
        },
    }


def _schemas() -> Any:
    plugin = MarshmallowPlugin()
    APISpec(title="", version="", openapi_version="3.1.0", plugins=[plugin])
    return plugin.converter


def schema_of(name: str) -> dict[str, Any]:
    """Return the JSON Schema of an event's whole message."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | _envelope_schema(EVENTS[name], _schemas())


def files() -> dict[Path, str]:
    """Return every file that is written, and what stands in it."""
    schemas = {SCHEMAS / f"{name}.json": _as_json(schema_of(name)) for name in sorted(EVENTS)}
    return {PAGE: page(), DOCUMENT: _as_json(document())} | schemas


def write() -> None:
    """Write every file, and remove the schemas of events that are no more."""
    SCHEMAS.mkdir(exist_ok=True)
    wanted = files()
    for left_over in set(SCHEMAS.iterdir()) - wanted.keys():
        left_over.unlink()
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")


def _as_json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"


def _readers() -> list[_Reader]:
    found: list[Service] = [import_module(f"services.{name}.app").SERVICE for name in SERVICES]
    return [_Reader(service.name, service.events.topics) for service in found]


def _events_of(owner: str) -> list[EventType]:
    return sorted((kind for kind in EVENTS.values() if kind.owner == owner), key=lambda kind: kind.name)


def _section(kind: EventType, readers: list[_Reader]) -> str:
    read_by = ", ".join(reader.service for reader in readers if kind.name in reader.topics)
    rows = [f"| `{name}` | {_kind_of(field)} |" for name, field in kind.schema.fields.items()]
    return "\n".join(
        (
            f"### `{kind.name}`",
            cleandoc(kind.fact.__doc__ or ""),
            "",
            f"Read by {read_by}. Key: `{kind.key}`.",
            "",
            "| field | what |",
            "|---|---|",
            *rows,
            "",
        )
    )


def _kind_of(field: Any) -> str:
    words = {"UUID": "id", "String": "text", "Integer": "number", "Boolean": "yes or no", "Date": "London date"}
    words |= {"AwareDateTime": "instant with its offset", "_Tuple": "list"}
    word = words[type(field).__name__]
    if word == "list":
        word = f"list of {words[type(field.inner).__name__]}s"
    return word if field.required else f"{word}, may be missing"


def _channel(kind: EventType, exchange: str) -> dict[str, Any]:
    return {
        "address": kind.name,
        "messages": {"fact": {"$ref": f"#/components/messages/{kind.name}"}},
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {"name": exchange, "type": "topic", "durable": True, "autoDelete": False},
            }
        },
    }


def _operations(kinds: list[EventType]) -> dict[str, Any]:
    readers = _readers()
    operations: dict[str, Any] = {}
    for kind in kinds:
        channel = {"$ref": f"#/channels/{kind.name}"}
        operations[f"{kind.owner} sends {kind.name}"] = {"action": "send", "channel": channel}
        for reader in readers:
            if kind.name in reader.topics:
                operations[f"{reader.service} receives {kind.name}"] = {"action": "receive", "channel": channel}
    return operations


def _message(kind: EventType) -> dict[str, Any]:
    return {
        "name": kind.name,
        "title": kind.fact.__name__,
        "summary": cleandoc(kind.fact.__doc__ or "").splitlines()[0],
        "contentType": CONTENT_TYPE,
        "payload": {"$ref": f"#/components/schemas/{kind.name}"},
    }


def _envelope_schema(kind: EventType, schemas: Any) -> dict[str, Any]:
    text = {"type": "string"}
    properties = {
        "specversion": {"const": "1.0"},
        "id": {
            "type": "string",
            "format": "uuid",
            "description": "The same fact, however often it comes, has the same id.",
        },
        "source": {"const": f"/{kind.owner}"},
        "type": {"const": kind.name},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "partitionkey": text | {"description": f"The fact's {kind.key}: facts of one key stay in their order."},
        "sequence": text | {"pattern": "^[0-9]+$", "description": "Counts the facts of one key."},
        "requestid": text | {"description": "The request that began it, in the log of every service."},
        "traceparent": text | {"description": "Its place in the trace, as the W3C's Trace Context writes it."},
        "data": schemas.schema2jsonschema(kind.schema),
    }
    # What was announced before there were traces has none.
    required = [name for name in properties if name != "traceparent"]
    return {"type": "object", "required": required, "properties": properties}


if __name__ == "__main__":
    write()
