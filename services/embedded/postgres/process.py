"""The server as a process: it lives no longer than we do, and a new one waits for the end of the last one."""

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

from services.embedded.postgres.failures import PostgresFailed
from services.embedded.postgres.programs import environment

_SECONDS_TO_STOP = 20.0
_SECONDS_FOR_THE_LAST_RUN = 30.0


def start_and_keep(command: list[str], log: int) -> subprocess.Popen[bytes]:
    """Start the server as a child that Linux stops when this process ends.

    The signal at the parent's death is sent when the starting thread ends, so that is one that stays.
    The session of its own keeps Ctrl-C in the terminal from reaching the server before us.
    """
    started: list[subprocess.Popen[bytes] | OSError] = []
    is_started = threading.Event()

    def keep() -> None:
        try:
            server = subprocess.Popen(
                command,
                cwd="/",
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        except OSError as error:
            started.append(error)
            is_started.set()
            return
        started.append(server)
        is_started.set()
        server.wait()

    threading.Thread(target=keep, name="postgres-keeper", daemon=True).start()
    is_started.wait()
    if isinstance(started[0], OSError):
        raise PostgresFailed(f"PostgreSQL could not be started: {started[0]}") from started[0]
    return started[0]


def end(server: subprocess.Popen[bytes]) -> None:
    """Stop the server, more firmly the longer it takes; raises PostgresFailed when it does not stop."""
    for how, seconds in ((signal.SIGINT, _SECONDS_TO_STOP), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        server.send_signal(how)
        with suppress(subprocess.TimeoutExpired):
            server.wait(seconds)
            return
    raise PostgresFailed(f"PostgreSQL, process {server.pid}, does not stop.")


def says_it_is_ready(data: Path, pid: int) -> bool:
    """Read the status line of postmaster.pid, which pg_ctl trusts too: asking would fill the log with refusals."""
    with suppress(OSError):
        lines = (data / "postmaster.pid").read_text().splitlines()
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"
    return False


def outlast_the_last_run(data: Path) -> None:
    """Wait until the servers of a run that was killed have gone, and clear away what they left.

    They were told to stop when their parent died. Raises PostgresFailed if they have not gone within 30 s.
    """
    started = time.monotonic()
    while servers := _servers_in(data):
        waited = time.monotonic() - started
        if waited > _SECONDS_FOR_THE_LAST_RUN:
            raise PostgresFailed(f"PostgreSQL of the last run in {data} does not stop; its processes: {[*servers]}.")
        # The quick way in the end: a crash recovery follows, and loses nothing that was committed.
        signal_now = signal.SIGQUIT if waited > _SECONDS_TO_STOP else signal.SIGINT
        for process, parent in servers.items():
            if parent not in servers:
                with suppress(OSError):
                    os.kill(process, signal_now)
        time.sleep(0.05)
    # PostgreSQL would believe a left-over pid if another process has that number by now; we hold the lock and looked.
    (data / "postmaster.pid").unlink(missing_ok=True)


def _servers_in(data: Path) -> dict[int, int]:
    """Return PostgreSQL's processes in this data folder, removed or not, each with its parent's number."""
    here = str(data.resolve())
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError):
            name, _, rest = (process / "stat").read_text().partition("(")[2].rpartition(")")
            if name == "postgres" and str((process / "cwd").readlink()) in (here, f"{here} (deleted)"):
                found[int(process.name)] = int(rest.split()[1])
    return found
