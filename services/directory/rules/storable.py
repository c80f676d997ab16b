"""What of somebody else's JSON can be kept whole in PostgreSQL."""

import math
from collections.abc import Mapping
from typing import Any

from shared.errors import Invalid

DEEPEST = 40


def check_storable(value: Any) -> None:
    """Raise Invalid when the value holds something that cannot be kept, or is nested too deep to be honest."""
    waiting: list[tuple[Any, int]] = [(value, 0)]
    while waiting:
        item, depth = waiting.pop()
        if depth > DEEPEST:
            raise _refused(f"Nest at most {DEEPEST} deep")
        if isinstance(item, Mapping):
            waiting.extend((part, depth + 1) for pair in item.items() for part in pair)
        elif isinstance(item, list):
            waiting.extend((part, depth + 1) for part in item)
        elif isinstance(item, str):
            _check_text(item)
        elif isinstance(item, float) and not math.isfinite(item):
            raise _refused("Every number must be finite")


def _check_text(text: str) -> None:
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise _refused("Some text has a character that cannot be kept, such as NUL")


def _refused(message: str) -> Invalid:
    return Invalid(message, {"_schema": [message]})
