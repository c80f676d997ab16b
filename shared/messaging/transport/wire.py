"""Fewer system calls than py-amqp makes: it reads each frame in three pieces, and writes each message by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from struct import Struct
from typing import Any

from amqp.exceptions import UnexpectedFrame

_AHEAD = 65_536
_BEGINNING = Struct(">BHI")
"""A frame's kind, its channel, and how many bytes it holds (AMQP 0-9-1, section 2.3.5)."""
_END = 0xCE


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
        """Read only what is there already: in the block, `frame` raises TimeoutError when that is not a whole one."""
        with self._transport.having_timeout(0):
            yield

    def frame(self) -> tuple[int, int, bytes]:
        """Return the next frame's kind, channel and content; raises what the socket raises, and UnexpectedFrame.

        It is for use between two frames: what was read of one stays here for whoever reads on.
        """
        self._have(_BEGINNING.size)
        kind, channel, size = _BEGINNING.unpack_from(self._ahead, self._at)
        self._have(_BEGINNING.size + size + 1)
        start = self._at + _BEGINNING.size
        end = start + size
        if self._ahead[end] != _END:
            raise UnexpectedFrame("a frame that does not end where it should")
        self._at = end + 1
        return kind, channel, self._ahead[start:end]

    def _have(self, wanted: int) -> None:
        while len(self._ahead) - self._at < wanted:
            more = self._receive(_AHEAD)
            if not more:
                raise ConnectionResetError("the broker closed the connection")
            self._ahead, self._at = self._ahead[self._at :] + more, 0

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
