"""The product as docker-compose.yml describes it, as processes that a test may kill one by one."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import psutil
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from deploy.without_containers.blocks import PROJECT, Block, read_blocks
from deploy.without_containers.places import Places, nginx_account
from services.embedded.postgres import PrivatePostgres
from services.embedded.together import free_port
from services.embedded.waiting import wait_until
from shared.database import Database
from shared.service import SERVICES

ROLES = ("publish", "consume", "clock", "loops")
_SERVERS = ("postgres", "rabbitmq")
_NO_BROKER_YET = "memory://"


class Process:
    """One process of the product; ended by whatever, it is started again by `tend`, as a container would be."""

    def __init__(self, name: str, command: Sequence[str], environ: dict[str, str], log: Path) -> None:
        self.name = name
        self.ended_by_itself = 0
        self._command, self._log = list(command), log
        self._environ = environ
        self._child: subprocess.Popen[bytes] | None = None
        self._is_wanted = False

    @property
    def pid(self) -> int:
        """Return the number of the process, which runs."""
        assert self._child is not None
        return self._child.pid

    def another(self, name: str) -> "Process":
        """Return a process that runs the same."""
        return Process(name, self._command, self._environ, self._log)

    def start(self) -> None:
        """Start the process."""
        self._is_wanted = True
        with self._log.open("ab") as log:
            if self.name == "nginx" and (account := nginx_account()):
                os.fchown(log.fileno(), account.pw_uid, account.pw_gid)
            self._child = subprocess.Popen(
                self._command,
                # PostgreSQL then shows which process a connection belongs to.
                env=self._environ | {"PGAPPNAME": self.name},
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End the process at once, without a chance to tidy up; it stays away until it is started."""
        self._is_wanted = False
        if self._child is not None:
            self._child.kill()
            self._child.wait()

    def kill_a_child(self, pick: Callable[[Sequence[int]], int]) -> None:
        """End one of the processes that this one has forked, such as a worker of gunicorn."""
        children = sorted(child.pid for child in psutil.Process(self.pid).children())
        if children:
            with suppress(ProcessLookupError):
                os.kill(pick(children), signal.SIGKILL)

    def tend(self) -> None:
        """Start the process again when it has ended by itself."""
        if self._is_wanted and self._child is not None and self._child.poll() is not None:
            self.ended_by_itself += 1
            self.start()

    def ask_to_end(self) -> None:
        """Ask the process to end, and do not wait for it."""
        self._is_wanted = False
        if self._child is not None:
            self._child.terminate()

    def end(self) -> None:
        """Wait for the end of a process that was asked to, and make it when it does not, with all that it forked."""
        if self._child is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(12)
        with suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()


class Deployed:
    """Every process of the product on one PostgreSQL and one broker; work processes can run whole or role by role."""

    def __init__(self, folder: Path, postgres: PrivatePostgres) -> None:
        self.postgres = postgres
        self.url = f"http://localhost:{free_port()}"
        wanted = {"TRAINING": "yes", "DOOR": "http", "CARRIER": "inbox", "PUBLIC_URL": self.url}
        blocks = read_blocks(PROJECT / "docker-compose.yml", dict(os.environ) | wanted)
        self._blocks = {name: block for name, block in blocks.items() if name not in _SERVERS}
        server = make_url(postgres.url("postgres")).set(drivername="postgresql").render_as_string(hide_password=False)
        self.places = Places(folder, self.url, self._blocks, server, _NO_BROKER_YET)
        # Below a folder that everybody may enter, because nginx does not run as root.
        self.places.nginx = Path(tempfile.mkdtemp(prefix="early-help-faults-")) / "nginx"
        self.places.nginx.parent.chmod(0o711)
        self.places.lay_out()
        self.databases = {
            name: Database(postgres.url(str(url.database)), pool_size=2) for name, url in self.places.databases.items()
        }
        self._server = Database(postgres.url("postgres"), pool_size=1)
        self.processes = {
            name: self._process(name, block) for name, block in self._blocks.items() if not block.runs_once
        }
        for service in SERVICES:
            for role in ROLES:
                block = self._blocks[f"{service}-work"]
                self.processes[f"{service}-{role}"] = self._process(f"{service}-{role}", block, "--only", role)

    @property
    def prefix(self) -> str:
        """Return how the names of its queues begin."""
        return self.places.token

    def secret(self, name: str) -> str:
        """Return one of the secrets that it was given."""
        return (self.places.folder / "secrets" / name).read_text(encoding="utf-8").strip()

    def use_broker(self, url: str) -> None:
        """Have nginx and the web processes run, and what starts from now on reach a broker that has the queues."""
        before = self.secret("broker_url")
        if url == before:
            return
        (self.places.folder / "secrets/broker_url").write_text(url)
        if before == _NO_BROKER_YET:
            self._run("prepare")
        self._run("migrate")
        if before == _NO_BROKER_YET:
            self.start(("nginx", *WEB))

    def start(self, names: Collection[str]) -> None:
        """Start processes by name; returns when all of them but nginx have come so far as to work."""
        for name in names:
            self.processes[name].start()
        for name in names:
            if name != "nginx":
                wait_until(partial(self.is_up, name), f"{name} works", seconds=60)

    def end(self, names: Collection[str]) -> None:
        """End processes by name as an operator does, all at once, and wait for them."""
        for name in names:
            self.processes[name].ask_to_end()
        for name in names:
            self.processes[name].end()

    def kill_postgres(self) -> None:
        """End PostgreSQL at once, as a power cut does."""
        pid = int((self.places.folder / "postgres/data/postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)

    def start_postgres(self) -> None:
        """Start PostgreSQL again; returns when it accepts connections."""
        self.postgres.stop()
        self.postgres.start()

    def another(self, name: str) -> str:
        """Return the name of a second process like the one of this name, to run beside it."""
        process = self.processes[name].another(f"{name}-2")
        self.processes[process.name] = process
        return process.name

    def tend(self) -> None:
        """Start again what has ended by itself."""
        for process in self.processes.values():
            process.tend()

    def is_up(self, name: str) -> bool:
        """Say whether a process has come so far as to work: a web process answers, another talks to its database."""
        if name.endswith("-web"):
            return self.answers(name.removesuffix("-web"))
        ours = sa.text("SELECT count(*) FROM pg_stat_activity WHERE application_name = :name")
        with self._server.read() as session:
            return bool(session.scalar(ours, {"name": name}))

    def answers(self, service: str) -> bool:
        """Say whether a service answers through the door."""
        with suppress(OSError), urlopen(f"{self.url}/{service}/health/live", timeout=3) as answer:
            return bool(answer.status == 200)
        return False

    def stop(self) -> None:
        """End everything and leave no file behind."""
        self.end(self.processes)
        for database in (*self.databases.values(), self._server):
            database.close()
        shutil.rmtree(self.places.nginx.parent)

    def _process(self, name: str, block: Block, *words: str) -> Process:
        command = [*self.places.command(block), *words]
        log = self.places.folder / "logs" / f"{name}.log"
        # Roles that run alone are several processes of one block: one port would not do for all of them.
        alone = {"METRICS_PORT": ""} if words else {}
        return Process(name, command, self.places.environment(block) | alone, log)

    def _run(self, name: str) -> None:
        block = self._blocks[name]
        done = subprocess.run(
            self.places.command(block),
            env=self.places.environment(block),
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr


WEB = tuple(f"{service}-web" for service in SERVICES)
WORK = tuple(f"{service}-work" for service in SERVICES)


@contextmanager
def deployed(folder: Path) -> Iterator[Deployed]:
    """Give the product, with nothing running yet but its PostgreSQL."""
    with ExitStack() as ending:
        postgres = ending.enter_context(PrivatePostgres(folder / "postgres"))
        system = Deployed(folder, postgres)
        ending.callback(system.stop)
        yield system
