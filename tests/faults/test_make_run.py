"""What `make run` starts is one process with its broker in memory: kill -9 of it, again and again under load, loses nothing."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from services.embedded.keys import keys_in
from services.embedded.postgres import PrivatePostgres
from services.embedded.together import free_port
from services.embedded.waiting import wait_until
from shared.database import Database
from shared.service import SERVICES
from tests.faults import gaps, results
from tests.faults.load import Load, loading
from tests.faults.reckoning import settled

pytestmark = [pytest.mark.faults, pytest.mark.slow]

_ROOT = Path(__file__).parents[2]
_KILLS = 50 if results.is_full() else 10


class MakeRun:
    """The process that `make run` starts, on a folder and a port of its own."""

    def __init__(self, var: Path) -> None:
        self.folder = var / "bathnes"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = var / "said"
        self._environ = {**os.environ, "VAR": str(var), "PORT": str(self.port), "BROKER_URL": "", "CLOCK": "system"}
        self._process: subprocess.Popen[bytes] | None = None
        server = PrivatePostgres(self.folder / "postgres")
        self.databases = {service: Database(server.url(service), pool_size=2) for service in SERVICES}

    def start(self) -> None:
        """Start the process."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig=KILL", sys.executable, "-m", "services", "run"],
                cwd=_ROOT,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """End the process at once."""
        assert self._process is not None
        assert self._process.poll() is None, self._log.read_text()[-2000:]
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End the process as Ctrl-C does, and let its databases go."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(60)
        for database in self.databases.values():
            database.close()

    def answers(self) -> bool:
        """Say whether it answers requests."""
        with suppress(requests.RequestException):
            return requests.get(f"{self.url}/health/live", timeout=3).ok
        return False


@pytest.fixture
def make_run(tmp_path: Path) -> Iterator[MakeRun]:
    """Give what `make run` starts, without its samples: the load is enough."""
    running = MakeRun(tmp_path)
    running.folder.mkdir()
    (running.folder / "samples-sent").touch()
    running.start()
    wait_until(running.answers, "everything is started", seconds=120)
    yield running
    running.stop()


def test_one_process_killed_again_and_again_under_load_loses_nothing(make_run: MakeRun) -> None:
    chance = random.Random(20261122)
    keys = keys_in(make_run.folder / "keys")
    killed_at = []
    with loading(Load(make_run.url, keys.portal, keys.session_private, per_second=20)) as under_load:
        under_load.wait_for(10)
        for _ in range(_KILLS):
            # One in five dies while it is still starting.
            if chance.random() > 0.2:
                wait_until(make_run.answers, "it answers", seconds=60)
            time.sleep(chance.uniform(0, 2))
            killed_at.append(datetime.now(UTC))
            make_run.kill()
            make_run.start()
        wait_until(make_run.answers, "it answers", seconds=60)
        under_load.wait_for(10)
    found = settled(make_run.databases, under_load.ledger.entries)
    way = gaps.of_facts(found.facts)
    results.note("kill -9: `make run`, all in one process", found, [gaps.gap_after(at, way) for at in killed_at])
    assert found.problems == {}
