"""Reads a fact's data that is just as its owner writes it, several times faster than the event's schema does.

The schema stays the contract: whatever is not read here, it reads, or says what is wrong with it.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

_Reading = Callable[[Any], Any]


class NotWellFormed(ValueError):
    """The data is not as its owner writes it; the schema decides what that means."""


def reading_of(fact: type[Any]) -> Callable[[Mapping[str, Any]], Any]:
    """Return a function that makes the fact of its data, or raises NotWellFormed, ValueError or KeyError."""
    hints = typing.get_type_hints(fact)
    readings = [(item.name, _reading(hints[item.name]), _default(item)) for item in dataclasses.fields(fact)]

    def read(data: Mapping[str, Any]) -> Any:
        return fact(
            *(take(data[name]) if name in data or needed else default for name, take, (needed, default) in readings)
        )

    return read


def _default(item: dataclasses.Field[Any]) -> tuple[bool, Any]:
    return item.default is dataclasses.MISSING, item.default


def _reading(kind: Any) -> _Reading:
    if isinstance(kind, types.UnionType):
        return _or_none(_reading(next(part for part in typing.get_args(kind) if part is not type(None))))
    if typing.get_origin(kind) is tuple:
        return _all_of(_reading(typing.get_args(kind)[0]))
    return _READING[kind]


def _or_none(read: _Reading) -> _Reading:
    return lambda value: None if value is None else read(value)


def _all_of(read: _Reading) -> _Reading:
    def read_all(value: Any) -> tuple[Any, ...]:
        return tuple(read(one) for one in _exactly(list)(value))

    return read_all


def _exactly(kind: type[Any]) -> _Reading:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise NotWellFormed
        return value

    return read


def _of_text(read: Callable[[str], Any]) -> _Reading:
    def read_text(value: Any) -> Any:
        if type(value) is not str:
            raise NotWellFormed
        return read(value)

    return read_text


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise NotWellFormed
    return instant


_READING: dict[Any, _Reading] = {
    UUID: _of_text(UUID),
    str: _exactly(str),
    int: _exactly(int),
    bool: _exactly(bool),
    date: _of_text(date.fromisoformat),
    datetime: _of_text(_instant),
}
