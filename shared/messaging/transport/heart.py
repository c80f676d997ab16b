"""Keeps a connection's heart beating while its own thread is busy with a slow handler."""

import threading

from kombu import Connection

_BEATS_PER_HEARTBEAT = 3


class Heart:
    """A thread that sends heartbeats until stopped; py-amqp writes one frame at a time, whoever sends it.

    Only that we live is said here. Whether the broker lives is for the connection's own thread to find out.
    """

    def __init__(self, connection: Connection) -> None:
        self._stopped = threading.Event()
        self._connection = connection
        self._every = connection.heartbeat / _BEATS_PER_HEARTBEAT
        threading.Thread(target=self._beat, name="heart", daemon=True).start()

    def stop(self) -> None:
        """Send no more."""
        self._stopped.set()

    def _beat(self) -> None:
        while not self._stopped.wait(self._every):
            try:
                self._connection.connection.send_heartbeat()
            except Exception:
                # The connection's own thread meets the same fault and says so.
                return
