"""The web server of `make run`: waitress in a thread, ended without leaving a connection behind."""

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from waitress import wasyncore
from waitress.server import create_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

FOLLOWERS = 16
"""How many may follow a meeting as it happens; each holds one of the threads below. More ask every few seconds."""
_THREADS = 24 + FOLLOWERS
_ENDS_WITHIN_SECONDS = 10


class Web:
    """Answers on a port of this machine alone."""

    def __init__(self, app: "WSGIApplication", port: int) -> None:
        self._server = create_server(
            app,
            host="127.0.0.1",
            port=port,
            threads=_THREADS,
            ident=None,
            max_request_body_size=10_000_000,
        )
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being answered, then close every connection, also those that a neighbour keeps open."""
        self._server.task_dispatcher.shutdown()
        # waitress closes only the listening socket. Its loop does the rest, because no other thread may.
        # It may do so on an answer's own trigger, and close ours, before we have pulled it.
        with suppress(OSError):
            self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._server._map, ignore_all=True))
        self._thread.join(_ENDS_WITHIN_SECONDS)
