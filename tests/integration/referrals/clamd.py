"""A daemon that speaks clamd's INSTREAM as ClamAV does: we do not own ClamAV, and it is not on every machine."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

VIRUS = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
"""What this daemon takes for a virus, as every scanner does."""


class _Answers(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        """Read one file and say what is in it."""
        if self.rfile.readline().rstrip(b"\n") != b"nINSTREAM":
            self.wfile.write(b"UNKNOWN COMMAND\n")
            return
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.server.seen.append(content)  # type: ignore[attr-defined]
        if self.server.is_confused:  # type: ignore[attr-defined]
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\n")
        else:
            self.wfile.write(b"stream: Eicar-Test-Signature FOUND\n" if VIRUS in content else b"stream: OK\n")


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


class Clamd:
    """A running daemon: where it listens, and the files that it was shown. `is_confused`: it answers with an error."""

    def __init__(self, server: Any, at: str) -> None:
        self._server, self.at = server, at
        server.seen, server.is_confused = [], False

    @property
    def seen(self) -> list[bytes]:
        """Return every file that it was shown."""
        return list(self._server.seen)

    def be_confused(self, *, is_confused: bool = True) -> None:
        """Answer with an error from now on, or no longer."""
        self._server.is_confused = is_confused


@contextmanager
def a_clamd(*, port: int = 0, path: Path | None = None) -> Iterator[Clamd]:
    """Give a daemon on a port of this machine, or on a socket at `path`."""
    server: Any = _Unix(str(path), _Answers) if path else _Tcp(("127.0.0.1", port), _Answers)
    at = f"unix:{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Clamd(server, at)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
