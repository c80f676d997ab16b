"""docker-compose.yml runs: its commands and its environment, as plain processes, from nothing to a request in two services."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
import requests
from kombu import Connection

from services.embedded.client import Client
from services.embedded.postgres import PrivatePostgres
from services.embedded.samples import WRITTEN_ON, sample_requests
from services.embedded.together import free_port
from services.embedded.waiting import wait_until
from tests.brokers import BROKER_URL
from tests.integration.deploy.rehearsal import SCRIPT, Rehearsal, sign_in_first_administrator

pytestmark = [pytest.mark.slow, pytest.mark.rabbitmq, pytest.mark.usefixtures("nginx_program")]
_KINDS = ("web", "work")


def test_a_request_goes_from_nginx_through_two_services_and_nothing_is_left_when_it_stops(
    rehearse: Callable[[], Rehearsal], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsal = rehearse().ready()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(rehearsal.folder / "secrets/tls_certificate"))
    children = psutil.Process(rehearsal.process.pid).children(recursive=True)
    assert sum("web" in child.cmdline() for child in children) == 4 * (1 + 2) + (1 + 1), (
        "four times gunicorn and its workers, and one for the screens that follow a meeting"
    )
    assert sum("work" in child.cmdline() for child in children) == 4
    assert all(child.uids().real for child in children if child.name() == "nginx"), "nginx does not run as root"

    browser = sign_in_first_administrator(rehearsal)
    for page in ("/directory/people", "/notifications/notices", "/panel/meetings"):
        shown = browser.get(rehearsal.url + page, timeout=20)
        assert (shown.status_code, shown.url) == (200, rehearsal.url + page), "one session opens every service"

    document = sample_requests("bathnes", WRITTEN_ON)[0][1]
    answer = Client(rehearsal.url, rehearsal.portal_token()).post(
        "referrals", "/requests", document, idempotency_key="rehearsed"
    )
    inbox = f"{rehearsal.url}/notifications/api/v1/inbox"

    def told() -> object:
        return requests.get(inbox, params={"reference": answer["reference"]}, timeout=10).json()

    wait_until(told, "the acknowledgement, which the notifications service asked the referrals service for", seconds=20)
    _no_personal_data_is_logged(rehearsal.folder / "logs", document)
    broker = urlsplit(BROKER_URL).port or 5672
    talks = {kind: any(_talks_to(broker, child) for child in children if kind in child.cmdline()) for kind in _KINDS}
    assert talks == {"web": False, "work": True}, "web workers never talk to the broker"

    names = rehearsal.databases_and_roles()
    assert len(names) == 4
    prefix = names.pop().rpartition("_")[0]
    assert "panel.events" in _left_on_the_broker(prefix)
    assert rehearsal.stop() == 0, rehearsal.said
    assert psutil.wait_procs(children, timeout=1)[1] == []
    assert list(tmp_path.iterdir()) == []
    assert rehearsal.databases_and_roles() == set()
    assert _left_on_the_broker(prefix) == []


def test_a_broker_that_is_away_is_said_with_the_block_that_missed_it(tmp_path: Path, postgres: PrivatePostgres) -> None:
    options = ["--port", str(free_port()), "--postgres", postgres.url("postgres"), "--folder", str(tmp_path / "x")]
    away = f"amqp://guest:guest@127.0.0.1:{free_port()}//"
    done = subprocess.run([SCRIPT, *options, "--broker", away], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "migrate ended with exit code 1" in done.stderr
    assert list(tmp_path.iterdir()) == []


def _no_personal_data_is_logged(logs: Path, document: dict[str, object]) -> None:
    written = "".join(file.read_text(encoding="utf-8") for file in logs.glob("*.log"))
    assert "/referrals/api/v1/requests" in written
    for word in {str(adult["family_name"]) for adult in document["adults"]}:  # type: ignore[attr-defined]
        assert word not in written


def _talks_to(port: int, process: psutil.Process) -> bool:
    return any(connection.raddr and connection.raddr.port == port for connection in process.net_connections())


def _left_on_the_broker(prefix: str) -> list[str]:
    found = []
    with Connection(BROKER_URL) as connection:
        for queue in ("unrouted", "panel.events", "panel.dlq", "notifications.events"):
            with connection.channel() as channel:
                try:
                    channel.queue_declare(f"{prefix}.{queue}", passive=True)
                    found.append(queue)
                except connection.channel_errors:
                    continue
    return found
