"""How an event is declared: once, as a dataclass. Name, schema, owner and family key all come from it."""

import dataclasses
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec
from marshmallow import EXCLUDE, Schema, ValidationError, fields

_Fact = TypeVar("_Fact")

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment that means the same everywhere; a time without its zone does not fit."""

_FIELD_FOR: dict[Any, Callable[..., fields.Field[Any]]] = {
    UUID: fields.UUID,
    str: fields.String,
    int: lambda **options: fields.Integer(strict=True, **options),
    bool: fields.Boolean,
    date: fields.Date,
    datetime: lambda **options: fields.AwareDateTime(format="iso", **options),
}


class UnreadableFact(Exception):
    """A message whose data does not fit the event's schema; the text names fields, never values."""


@dataclass(frozen=True)
class EventType:
    """One declared event: `panel.allocation_offered.v1`, its dataclass, schema and ordering key."""

    name: str
    fact: type[Any]
    key: str
    schema: Schema

    @property
    def owner(self) -> str:
        """Return the service that announces it."""
        return self.name.partition(".")[0]

    @property
    def version(self) -> int:
        """Return the major version, 1 for `….v1`."""
        return int(self.name.rpartition(".v")[2])

    def dump(self, fact: Any) -> dict[str, Any]:
        """Return the fact as JSON-ready data."""
        return dict(self.schema.dump(fact))

    def load(self, data: Mapping[str, Any]) -> Any:
        """Return the fact from JSON data, ignoring fields it does not know; raises UnreadableFact."""
        # What is just as its owner writes it is read several times faster without the schema,
        # which stays the contract: it has the last word on everything else.
        try:
            return msgspec.convert(data, self.fact)
        except msgspec.ValidationError:
            return self._load_by_schema(data)

    def _load_by_schema(self, data: Mapping[str, Any]) -> Any:
        try:
            return self.fact(**self.schema.load(data))
        except ValidationError as error:
            raise UnreadableFact(
                f"fields that do not fit: {', '.join(sorted(map(str, error.messages_dict)))}"
            ) from None


EVENTS: dict[str, EventType] = {}
"""Every declared event by its name. Importing `shared.events` fills it."""


def event(name: str, *, key: str = "family_id") -> Callable[[type[_Fact]], type[_Fact]]:
    """Declare a frozen dataclass as the event `name`; facts with the same `key` value stay in their order."""

    def declare(fact: type[_Fact]) -> type[_Fact]:
        if name in EVENTS:
            raise TypeError(f"{name} is declared twice")
        EVENTS[name] = EventType(name, fact, key, _schema_of(fact)())
        fact.event_name = name  # type: ignore[attr-defined]
        return fact

    return declare


def event_type_of(fact: Any) -> EventType:
    """Return the declaration of a fact or of its class."""
    return EVENTS[fact.event_name]


def _schema_of(fact: type[Any]) -> type[Schema]:
    hints = typing.get_type_hints(fact)
    declared: dict[str, Any] = {item.name: _field(hints[item.name], item) for item in dataclasses.fields(fact)}
    declared["Meta"] = type("Meta", (), {"unknown": EXCLUDE})
    return type(f"{fact.__name__}Schema", (Schema,), declared)


def _field(kind: Any, item: dataclasses.Field[Any]) -> fields.Field[Any]:
    options: dict[str, Any] = {}
    if item.default is not dataclasses.MISSING:
        options["load_default"] = item.default
    else:
        options["required"] = True
    if type(None) in typing.get_args(kind):
        kind = next(part for part in typing.get_args(kind) if part is not type(None))
        options["allow_none"] = True
    if typing.get_origin(kind) is tuple:
        return _Tuple(_FIELD_FOR[typing.get_args(kind)[0]](), **options)
    return _FIELD_FOR[kind](**options)


class _Tuple(fields.List[Any]):
    """A list that loads as a tuple, so that a fact can be frozen and compared."""

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(*args, **kwargs))
