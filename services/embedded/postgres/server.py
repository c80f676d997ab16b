"""The server: its start, its cluster, its settings and its end."""

import os
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from services.embedded.postgres.account import Account, account_for
from services.embedded.postgres.failures import PostgresFailed
from services.embedded.postgres.folders import PORT, make_private, socket_folder, take_lock
from services.embedded.postgres.process import end, outlast_the_last_run, says_it_is_ready, start_and_keep
from services.embedded.postgres.programs import environment, programs

_SECONDS_TO_START = 60.0
_LARGEST_LOG_BYTES = 5_000_000


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
        self._sockets = socket_folder(self._data)
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
        self._lock = take_lock(self._folder)
        try:
            self._start_alone()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server and wait for its end; sessions are disconnected, what is committed is safe."""
        if self._server is not None:
            end(self._server)
            self._server = None
        if self._lock is not None:
            # Not empty, or not ours, means that somebody else needs it.
            with suppress(OSError):
                self._sockets.rmdir()
            os.close(self._lock)
            self._lock = None

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database here."""
        return f"postgresql+psycopg://postgres@/{quote(database)}?host={quote(str(self._sockets))}&port={PORT}"

    def ensure_database(self, name: str) -> None:
        """Create the database if there is none of this name."""
        with psycopg.connect(
            host=str(self._sockets), port=PORT, user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def _start_alone(self) -> None:
        account = account_for(self._data)
        outlast_the_last_run(self._data)
        if not self._data.exists():
            self._make_cluster(account)
        make_private(self._sockets, account)
        for left_over in self._sockets.iterdir():
            left_over.unlink()
        if self._log.exists() and self._log.stat().st_size > _LARGEST_LOG_BYTES:
            self._log.replace(self._log.with_suffix(".log.old"))
        with self._log.open("ab") as log:
            self._server = start_and_keep(self._command(account), log.fileno())
        self._wait_until_ready(self._server)

    def _make_cluster(self, account: Account) -> None:
        # Made beside and renamed, so that a cluster left half made is never taken for a whole one.
        unfinished = self._data.with_name("data.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        make_private(unfinished, account)
        # Nothing is lost if the machine stops now, so there is no need to wait for the disk.
        how = ["--no-sync", "--username=postgres", "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"]
        # The builtin provider sorts alike on every machine, whatever its C library.
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command = [str(programs() / "initdb"), "--pgdata", str(unfinished), *how, *locale]
        done = subprocess.run(
            [*account.prefix(), *command],
            cwd="/",
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise PostgresFailed(f"PostgreSQL could not make its data folder {self._data}:\n{done.stdout}{done.stderr}")
        unfinished.rename(self._data)

    def _command(self, account: Account) -> list[str]:
        settings = {
            "listen_addresses": "",
            "port": str(PORT),
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
        return [*account.prefix(dies_with_us=True), str(programs() / "postgres"), "-D", str(self._data), *options]

    def _wait_until_ready(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _SECONDS_TO_START
        while not says_it_is_ready(self._data, server.pid):
            if server.poll() is not None:
                raise PostgresFailed(f"PostgreSQL in {self._folder} did not start:\n{self._end_of_log()}")
            if time.monotonic() > deadline:
                raise PostgresFailed(
                    f"PostgreSQL in {self._folder} was not ready within {_SECONDS_TO_START:.0f} s:\n{self._end_of_log()}"
                )
            time.sleep(0.02)

    def _end_of_log(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-10:])
