"""Settings: frozen dataclasses read once at start from the environment.

Each field names its variable with `setting("NAME")`. A secret may be given as a file instead:
`NAME_FILE` holds the path. What is missing or malformed stops the process, all of it named at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, field, fields
from pathlib import Path
from typing import Any, TypeVar

_Settings = TypeVar("_Settings")

SHORTEST_SECRET = 32
"""Characters. A pass between services is signed with HMAC-SHA-256, whose key must be 32 bytes at least (RFC 7518, 3.2)."""


class SettingsMissing(SystemExit):
    """The environment lacks settings, or holds ones that cannot be read; the text lists every one."""


def setting(
    name: str, *, default: Any = MISSING, read: Callable[[str], Any] = str, choices: tuple[str, ...] = ()
) -> Any:
    """Declare a dataclass field that is read from the environment variable `name`."""
    metadata = {"name": name, "read": read, "choices": choices}
    if default is MISSING:
        return field(metadata=metadata)
    return field(default=default, metadata=metadata)


def yes_or_no(text: str) -> bool:
    """Read a switch: 1, true, yes, on and their opposites; raises ValueError on anything else."""
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    try:
        return words[text.strip().lower()]
    except KeyError:
        raise ValueError("must be yes or no") from None


def count(text: str) -> int:
    """Read a number of things: 0, 1, 2 ...; raises ValueError on anything else."""
    if not text.isascii() or not text.isdigit():
        raise ValueError("must be a whole number, as 0 or 1")
    return int(text)


def port(text: str) -> int:
    """Read the number of a TCP port; raises ValueError on anything else."""
    number = count(text)
    if not 1 <= number <= 65535:
        raise ValueError("must be a port, from 1 to 65535")
    return number


def secret(text: str) -> str:
    """Read a key or token that only its owners may guess; raises ValueError when it is too short for that."""
    if len(text) < SHORTEST_SECRET:
        raise ValueError(f"must be {SHORTEST_SECRET} characters or more; `openssl rand -base64 32` makes a good one")
    return text


def read_settings(kind: type[_Settings], environ: Mapping[str, str]) -> _Settings:
    """Return `kind` filled from `environ`; raises SettingsMissing with every problem at once."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for item in fields(kind):  # type: ignore[arg-type]
        name = item.metadata["name"]
        text = _text_of(name, environ)
        if text is None:
            if item.default is MISSING:
                problems.append(f"{name} is not set")
            continue
        if item.metadata["choices"] and text not in item.metadata["choices"]:
            problems.append(f"{name} must be one of {', '.join(item.metadata['choices'])}")
            continue
        try:
            values[item.name] = item.metadata["read"](text)
        except ValueError as error:
            problems.append(f"{name}: {error}")
    if problems:
        raise SettingsMissing("Cannot start: " + "; ".join(problems) + ".")
    return kind(**values)


def _text_of(name: str, environ: Mapping[str, str]) -> str | None:
    if path := environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    text = environ.get(name)
    return text if text else None
