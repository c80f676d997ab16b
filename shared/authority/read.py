"""Reads a TOML table into a frozen dataclass, with errors that name the place."""

import dataclasses
import typing
from collections.abc import Mapping
from datetime import date, time
from typing import Any, TypeVar

_Record = TypeVar("_Record")

MAY_BE_EMPTY = {"may_be_empty": True}
"""The metadata of a text that a profile always gives, and may give empty; any other text that is given says something."""


class ProfileWrong(SystemExit):
    """An authority profile cannot be used; the text names file, place and problem."""


def read_record(kind: type[_Record], table: Mapping[str, Any], *, where: str) -> _Record:
    """Return `kind` from a TOML table; raises ProfileWrong on an unknown, missing, mistyped or empty key."""
    known = {item.name: item for item in dataclasses.fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(table) - set(known)):
        raise ProfileWrong(f"{where}: unknown key {', '.join(unknown)}")
    hints = typing.get_type_hints(kind)
    values: dict[str, Any] = {}
    for name, item in known.items():
        if name in table:
            values[name] = _value(hints[name], table[name], f"{where}: {name}")
            if values[name] == "" and item.default != "" and not item.metadata.get("may_be_empty"):
                raise ProfileWrong(f"{where}: {name} is empty")
        elif item.default is dataclasses.MISSING:
            raise ProfileWrong(f"{where}: {name} is missing")
    return kind(**values)


def _value(hint: Any, value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(hint):
        return read_record(typing.cast("type[Any]", hint), _expect(value, dict, where), where=where)
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)[0]
        rows = _expect(value, list, where)
        values = tuple(_value(inner, row, f"{where}[{number}]") for number, row in enumerate(rows, 1))
        if "" in values:
            raise ProfileWrong(f"{where}[{values.index('') + 1}] is empty")
        return values
    found = _expect(value, hint, where)
    return found.strip() if isinstance(found, str) else found


def _expect(value: Any, kind: type[Any], where: str) -> Any:
    if type(value) is not kind:
        words = {
            dict: "a table",
            list: "a list",
            bool: "true or false",
            str: "text",
            int: "a whole number",
            date: "a date",
            time: "a time",
        }
        raise ProfileWrong(f"{where} must be {words[kind]}, not {value!r}")
    return value
