"""`make run` as a newcomer meets it: one process that starts, says where it is, stops, and survives."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from services.embedded.client import Client
from services.embedded.keys import keys_in
from services.embedded.samples import WRITTEN_ON, sample_requests
from services.embedded.together import SAMPLE_PASSWORD, free_port
from services.embedded.waiting import wait_until

_ROOT = Path(__file__).parents[2]
Start = Callable[..., "Run"]


class Run:
    """A running `python -m services run`."""

    def __init__(self, var: Path, port: int, **environ: str) -> None:
        self.var, self.port = var, port
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services", "run"],
            cwd=_ROOT,
            env={**os.environ, "VAR": str(var), "PORT": str(port), "TRAINING_STARTS_AT": "", "BROKER_URL": ""}
            | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: list[str] = []

    def ready(self) -> "Run":
        """Return when it has said that it is ready."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("Ready:"):
                return self
        pytest.fail("it stopped before it was ready: " + "".join(self.said))

    def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal and return how it ended."""
        self.process.send_signal(number)
        assert self.process.stdout is not None
        self.said += self.process.stdout.readlines()
        return self.process.wait(30)

    def refused(self) -> str:
        """Return what it said when it would not start."""
        output, _ = self.process.communicate(timeout=60)
        assert self.process.returncode != 0
        return output

    def client(self, email: str = "admin@earlyhelp.example") -> Client:
        """Return a client of a person on this system."""
        return Client.signed_in(self.url, email, SAMPLE_PASSWORD)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    runs: list[Run] = []

    def begin(**options: Any) -> Run:
        var, port = options.pop("var", tmp_path / "a folder with ü"), options.pop("port", None) or free_port()
        runs.append(Run(var, port, **options))
        return runs[-1]

    yield begin
    for run in runs:
        if run.process.poll() is None:
            run.process.kill()
        run.process.communicate()


def _received(run: Run) -> int:
    found = run.client(_front_door()).get("referrals", "/worklist", stage="received")
    return int(found["total"])


def _front_door() -> str:
    import json

    people = json.loads((_ROOT / "samples/bathnes/people.json").read_text(encoding="utf-8"))["people"]
    return next(str(person["email"]) for person in people if "front_door" in person["roles"])


def _assert_refused_in_one_line(run: Run, why: str) -> None:
    said = run.refused()
    assert why.lower() in said.lower()
    assert "Traceback" not in said


@pytest.mark.slow
def test_it_says_one_line_when_ready_lets_nobody_else_in_and_leaves_nothing_behind(start: Start) -> None:
    run = start().ready()
    assert run.url in run.said[-1]
    assert requests.get(f"{run.url}/health/live", timeout=5).json() == {"status": "live"}
    assert requests.get(f"{run.url}/health/ready", timeout=5).json()["status"] == "ready"
    for service in ("directory", "referrals", "panel", "notifications"):
        assert requests.get(f"{run.url}/{service}/health/ready", timeout=5).status_code == 200
    _assert_refused_in_one_line(start(port=run.port, var=run.var.parent / "other"), f"Port {run.port} is in use")
    _assert_refused_in_one_line(start(var=run.var), "already")
    children = psutil.Process(run.process.pid).children(recursive=True)
    assert any(child.name() == "postgres" for child in children)
    assert run.end() == 0
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


@pytest.mark.slow
def test_what_was_received_survives_a_kill_and_is_told_to_the_others(start: Start) -> None:
    first = start().ready()
    var = first.var
    before = _received(first)
    portal = Client(first.url, keys_in(var / "bathnes" / "keys").portal)
    name, document = sample_requests("bathnes", WRITTEN_ON)[0]
    answer = portal.post("referrals", "/requests", document, idempotency_key="killed")
    first.end(signal.SIGKILL)
    second = start(var=var).ready()
    assert _received(second) == before + 1
    assert (
        Client(second.url, keys_in(var / "bathnes" / "keys").portal).post(
            "referrals", "/requests", document, idempotency_key="killed"
        )["reference"]
        == answer["reference"]
    )

    def told() -> bool:
        found = requests.get(
            f"{second.url}/notifications/api/v1/inbox", params={"reference": answer["reference"]}, timeout=10
        )
        return bool(found.json())

    wait_until(told, f"the acknowledgement of {name}", seconds=30)


@pytest.mark.slow
def test_two_run_side_by_side_and_fresh_starts_over(start: Start, tmp_path: Path) -> None:
    one, two = start(var=tmp_path / "one"), start(var=tmp_path / "two")
    assert requests.get(f"{one.ready().url}/health/ready", timeout=5).ok
    assert requests.get(f"{two.ready().url}/health/ready", timeout=5).ok
    count = _received(one)
    document = sample_requests("bathnes", WRITTEN_ON)[0][1]
    Client(one.url, keys_in(one.var / "bathnes" / "keys").portal).post(
        "referrals", "/requests", document, idempotency_key="extra"
    )
    assert _received(one) == count + 1
    one.end()
    assert _received(start(var=tmp_path / "one", FRESH="1").ready()) == count


def test_a_port_that_is_none_is_refused_in_words() -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "services", "run"],
        cwd=_ROOT,
        env=os.environ | {"PORT": "eighty"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "PORT must be a number" in refused.stderr
