"""A TCP proxy that can cut, freeze and slow every connection through it, as a bad network does."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

_CHUNK = 65_536


class Proxy:
    """Passes bytes on from a port of its own to a port of this machine, in a thread of its own."""

    def __init__(self, to_port: int) -> None:
        self.port = 0
        self._to_port = to_port
        self._seconds_late = 0.0
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._flows: asyncio.Event
        self._server: asyncio.Server
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    def start(self) -> None:
        """Begin to take connections."""
        self._thread.start()
        self._do(self._open())

    def stop(self) -> None:
        """End every connection and take no more."""
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def connections(self) -> int:
        """Return how many connections go through it now."""
        return len(self._writers) // 2

    def cut(self) -> None:
        """Break every connection that there is; new ones are taken."""
        self._do(self._cut())

    def freeze(self) -> None:
        """Pass nothing on any more, and close nothing: each side sees only silence."""
        self._loop.call_soon_threadsafe(self._flows.clear)

    def thaw(self) -> None:
        """Pass on again what was kept back."""
        self._loop.call_soon_threadsafe(self._flows.set)

    def slow(self, seconds: float) -> None:
        """Pass everything on this much later; 0 is as fast as it goes."""
        self._seconds_late = seconds

    def _do(self, what: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    async def _open(self) -> None:
        self._flows = asyncio.Event()
        self._flows.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._server.close()
        await self._cut()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _cut(self) -> None:
        for writer in tuple(self._writers):
            # At once, with a reset: a close would first deliver what is still on its way.
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            their_reader, their_writer = await asyncio.open_connection("127.0.0.1", self._to_port)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, their_writer}
        self._writers |= both
        ways = [self._pass_on(reader, their_writer), self._pass_on(their_reader, writer)]
        await asyncio.wait([asyncio.ensure_future(way) for way in ways], return_when=asyncio.FIRST_COMPLETED)
        self._writers -= both
        for one in both:
            one.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(_CHUNK):
                if self._seconds_late:
                    await asyncio.sleep(self._seconds_late)
                await self._flows.wait()
                writer.write(data)
                await writer.drain()


@contextmanager
def proxy(to_port: int) -> Iterator[Proxy]:
    """Give a running proxy to a port of this machine."""
    running = Proxy(to_port)
    running.start()
    try:
        yield running
    finally:
        running.stop()
