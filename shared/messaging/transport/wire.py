"""Fewer system calls than py-amqp makes: it reads each frame in three pieces, and writes each message by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_AHEAD = 65_536


class Wire:
    """A connection's socket, read ahead of what is wanted, and written in one piece where a batch is sent.

    It stands between py-amqp's transport and the socket's own `recv` and `sendall`; what they raise, it raises.
    """

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._receive, self._send = transport._quick_recv, transport._write
        self._ahead, self._at = b"", 0
        self._gathered: bytearray | None = None
        transport._quick_recv, transport._write = self._read, self._write

    @contextmanager
    def gathered(self, timeout: float) -> Iterator[None]:
        """Write everything at the end, in one piece, within `timeout` seconds."""
        self._gathered = bytearray()
        try:
            yield
            with self._transport.having_timeout(timeout):
                self._send(self._gathered)
        finally:
            self._gathered = None

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Read only what is there already; what is read in the block must not name a timeout of its own."""
        with self._transport.having_timeout(0):
            yield

    def _read(self, wanted: int) -> bytes:
        if self._at == len(self._ahead):
            self._ahead, self._at = self._receive(_AHEAD), 0
        part = self._ahead[self._at : self._at + wanted]
        self._at += len(part)
        return part

    def _write(self, data: bytes | memoryview) -> None:
        if self._gathered is None:
            self._send(data)
        else:
            self._gathered += data
