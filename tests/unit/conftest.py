"""Unit tests decide about plain values: a socket or a database in one is a mistake, and fails it."""

import socket
from typing import Any

import pytest


class TouchedTheOutside(AssertionError):
    """A unit test opened a connection."""


@pytest.fixture(autouse=True)
def _no_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise TouchedTheOutside("a unit test opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
