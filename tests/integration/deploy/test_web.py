"""`python -m services.<name> web`: gunicorn as deployed, through its port, its signals and its log."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psutil
import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from services.embedded.postgres import PrivatePostgres
from services.embedded.together import free_port
from services.embedded.waiting import wait_until
from tests.integration.conftest import NEIGHBOUR_KEY, PRIVATE_KEY, PUBLIC_KEY
from tests.integration.deploy.conftest import ROOT


class Web:
    """A running `python -m services.directory web`."""

    def __init__(self, log: Path, database_url: str, **environ: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/directory"
        self._log = log
        settings = {
            "DATABASE_URL_DIRECTORY": database_url,
            "NEIGHBOUR_KEY": NEIGHBOUR_KEY,
            "SESSION_PUBLIC_KEY": PUBLIC_KEY,
            "SESSION_PRIVATE_KEY": PRIVATE_KEY,
            "PAGE_KEY": "a page key that only the tests know",
            "TRAINING": "yes",
            "PORT": str(self.port),
        }
        with log.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "services.directory", "web"],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"]} | settings | environ,
                stderr=stream,
            )

    def ready(self) -> "Web":
        """Return when it answers."""
        wait_until(self._answers, "the web process answers", seconds=30)
        return self

    def workers(self) -> list[psutil.Process]:
        """Return gunicorn's workers."""
        return psutil.Process(self.process.pid).children()

    def said(self) -> str:
        """Return its log."""
        return self._log.read_text(encoding="utf-8")

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.said()
        try:
            return requests.get(f"{self.url}/health/live", timeout=5).ok
        except requests.ConnectionError:
            return False


Serve = Callable[..., Web]


@pytest.fixture
def serve(tmp_path: Path, postgres: PrivatePostgres, migrated: Callable[[str], str]) -> Iterator[Serve]:
    begun: list[Web] = []

    def begin(**environ: str) -> Web:
        begun.append(Web(tmp_path / "log", postgres.url(migrated("directory")), **environ))
        return begun[-1]

    yield begin
    for web in begun:
        web.process.terminate()
        web.process.wait(20)


@pytest.mark.slow
def test_a_worker_that_is_killed_is_replaced_and_the_service_goes_on_answering(serve: Serve) -> None:
    web = serve(WEB_WORKERS="2").ready()
    wait_until(lambda: len(web.workers()) == 2, "both workers")
    killed = web.workers()[0]
    killed.send_signal(signal.SIGKILL)
    wait_until(lambda: not psutil.pid_exists(killed.pid), "the worker is gone")
    assert requests.get(f"{web.url}/health/ready", timeout=10).ok, "the other one answers"
    wait_until(lambda: len(web.workers()) == 2, "another worker in its place")
    for _ in range(10):
        assert requests.get(f"{web.url}/health/ready", timeout=10).ok


@pytest.mark.slow
def test_told_to_stop_it_finishes_the_request_in_hand_and_leaves_no_worker(serve: Serve) -> None:
    web = serve(WEB_WORKERS="1").ready()
    worker = web.workers()[0]
    body = b'{"email": "nobody@council.example", "password": "three words of mine"}'
    head = f"POST /directory/api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as browser:
        browser.sendall(head.encode() + body[:10])
        wait_until(lambda: _has_a_request(worker), "the worker has taken the request")
        web.process.terminate()
        wait_until(lambda: "Handling signal" in web.said(), "it is stopping")
        browser.sendall(body[10:])
        assert browser.recv(100).startswith(b"HTTP/1.1 422")
    assert web.process.wait(12) == 0
    assert not worker.is_running()


@pytest.mark.slow
def test_what_an_address_or_a_broken_request_holds_is_never_logged(serve: Serve) -> None:
    web = serve(WEB_WORKERS="1").ready()
    requests.get(f"{web.url}/search", params={"q": "Marsh-Bennett"}, timeout=10)
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as browser:
        browser.sendall(b"GET /directory/?q=Marsh-Bennett NONSENSE\r\n\r\n")
        assert b"400" in browser.recv(100)
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as browser:
        browser.sendall(b"GET /directory/" + b"Marsh-Bennett" * 400 + b" HTTP/1.1\r\n\r\n")
        assert b"414" in browser.recv(100)
    web.process.terminate()
    web.process.wait(15)
    assert any(
        line["event"].startswith("gunicorn: Invalid request") for line in map(json.loads, web.said().splitlines())
    )
    assert "Marsh" not in web.said()


@pytest.mark.slow
def test_each_worker_has_its_own_database_connections_and_the_parent_has_none(serve: Serve) -> None:
    web = serve(WEB_WORKERS="2").ready()
    for _ in range(20):
        assert requests.get(f"{web.url}/health/ready", timeout=10).ok
    sockets = {process.pid: _database_sockets(process) for process in (psutil.Process(web.process.pid), *web.workers())}
    assert sockets.pop(web.process.pid) == set()
    assert any(sockets.values())
    assert not set.intersection(*sockets.values())


@pytest.mark.slow
def test_prometheus_reads_what_all_workers_counted_on_a_port_of_its_own_and_the_replaced_ones_too(
    serve: Serve, tmp_path: Path
) -> None:
    figures = f"http://127.0.0.1:{free_port()}"
    web = serve(WEB_WORKERS="2", METRICS_PORT=figures.rpartition(":")[2], TMPDIR=str(tmp_path)).ready()
    somebody = str(uuid4())
    assert requests.get(f"{web.url}/agencies/{somebody}", timeout=10, allow_redirects=False).status_code == 302
    said = requests.get(f"{figures}/metrics", timeout=10).text
    assert ("/directory/agencies/<uuid:agency_id>" in said, somebody in said) == (True, False)
    wait_until(lambda: len(web.workers()) == 2, "both workers")
    before = _counted(figures)
    for worker in web.workers():
        _ask(web, 20)
        worker.send_signal(signal.SIGKILL)
        wait_until(lambda gone=worker.pid: not psutil.pid_exists(gone), "the worker is gone")  # type: ignore[misc]
        wait_until(lambda: len(web.workers()) == 2, "another worker in its place")
    _ask(web, 20)
    assert _counted(figures) - before == 60, "each request once, whoever answered it, and none of Prometheus' own"
    assert requests.get(f"{web.url}/metrics", timeout=10).status_code == 404
    assert "early_help" not in requests.get(f"http://127.0.0.1:{web.port}/metrics", timeout=10).text
    assert _figures_files(tmp_path)
    web.process.terminate()
    assert web.process.wait(15) == 0
    assert not _figures_files(tmp_path)


def _ask(web: Web, times: int) -> None:
    for _ in range(times):
        assert requests.get(f"{web.url}/health/ready", timeout=10).ok


def _counted(figures: str) -> float:
    """Return how many times `/health/ready` was answered."""
    answer = requests.get(figures, timeout=10).text
    samples = [sample for family in text_string_to_metric_families(answer) for sample in family.samples]
    found = [sample for sample in samples if sample.labels.get("route") == "/directory/health/ready"]
    return sum(sample.value for sample in found if sample.name == "early_help_requests_total")


def _figures_files(folder: Path) -> list[Path]:
    return list(folder.glob("early-help-figures-*/*"))


def test_a_setting_that_is_missing_or_wrong_is_said_in_one_line_before_anything_starts(serve: Serve) -> None:
    missing = serve(NEIGHBOUR_KEY="")
    assert missing.process.wait(20) == 1
    assert missing.said() == "Cannot start: NEIGHBOUR_KEY is not set.\n"
    wrong = serve(WEB_WORKERS="many")
    assert wrong.process.wait(20) == 1
    assert wrong.said() == "Cannot start: WEB_WORKERS must be a whole number from 1 on, not 'many'.\n"


def _has_a_request(worker: psutil.Process) -> bool:
    return any(connection.status == psutil.CONN_ESTABLISHED for connection in worker.net_connections())


def _database_sockets(process: psutil.Process) -> set[str]:
    """Return a process' ends of sockets like PostgreSQL's, by inode."""
    sockets = [line.split()[6] for line in Path("/proc/net/unix").read_text().splitlines()[1:]]
    held = {str(descriptor.readlink()) for descriptor in Path(f"/proc/{process.pid}/fd").iterdir()}
    return held & {f"socket:[{inode}]" for inode in sockets}
