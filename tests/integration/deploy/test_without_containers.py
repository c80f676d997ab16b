"""docker-compose.yml runs: its commands and its environment, as plain processes, from nothing to a request in two services."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
import requests
from kombu import Connection
from sqlalchemy.engine import make_url

from services.embedded.client import Client
from services.embedded.postgres import PrivatePostgres
from services.embedded.samples import WRITTEN_ON, sample_requests
from services.embedded.together import free_port
from services.embedded.waiting import wait_until
from tests.brokers import BROKER_URL, need_broker
from tests.integration.deploy.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.rabbitmq, pytest.mark.usefixtures("nginx_program")]
_SCRIPT = ROOT / "deploy/without-containers"
_KINDS = ("web", "work")
_EMAIL = "first@council.example"


class Rehearsal:
    """A running `deploy/without-containers`."""

    def __init__(self, folder: Path, postgres: PrivatePostgres) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"https://localhost:{self.port}"
        self.admin_url = postgres.url("postgres")
        options = ["--port", str(self.port), "--door", "https", "--postgres", self.admin_url, "--broker", BROKER_URL]
        self.process = subprocess.Popen(
            [_SCRIPT, *options, "--folder", folder],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: list[str] = []

    def ready(self) -> "Rehearsal":
        """Return when it says that it is ready."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("Ready:"):
                return self
        pytest.fail("it stopped before it was ready: " + "".join(self.said))

    def runs_in(self, block: str, *command: str) -> str:
        """Return what a command says in a block's environment."""
        line = [str(_SCRIPT), "exec", "--folder", str(self.folder), block, *command]
        return subprocess.run(line, capture_output=True, text=True, timeout=60, check=True).stdout

    def stop(self) -> int:
        """Stop it as Ctrl-C and `docker compose stop` do; return how it ended."""
        self.process.send_signal(signal.SIGTERM)
        self.said.append(self.process.communicate(timeout=25)[0])
        return self.process.returncode

    def databases_and_roles(self) -> set[str]:
        """Return what the server has beyond its own."""
        url = make_url(self.admin_url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url) as connection:
            rows = connection.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'early_help%'"
                " UNION SELECT rolname FROM pg_roles WHERE rolname LIKE 'early_help%'"
            )
            return {row[0] for row in rows}


@pytest.fixture
def rehearse(tmp_path: Path, postgres: PrivatePostgres) -> Iterator[Callable[[], Rehearsal]]:
    need_broker()
    begun: list[Rehearsal] = []

    def begin() -> Rehearsal:
        begun.append(Rehearsal(tmp_path / "without containers", postgres))
        return begun[-1]

    yield begin
    for rehearsal in begun:
        if rehearsal.process.poll() is None:
            rehearsal.stop()


def _sign_in_first_administrator(rehearsal: Rehearsal) -> requests.Session:
    """Go the way of docs/deploying.md: make the administrator, sign in once, choose a password."""
    command = ["python", "-m", "services.directory", "administrator", "--email", _EMAIL]
    once = rehearsal.runs_in("directory-web", *command).rpartition(": ")[2].strip()
    browser = requests.Session()
    _send(browser, rehearsal.url, "/directory/sign-in", {"email": _EMAIL, "password": once})
    form = {"email": _EMAIL, "password": once, "new_password": "three words of my own"}
    _send(browser, rehearsal.url, "/directory/password", form)
    return browser


def _send(browser: requests.Session, url: str, path: str, form: dict[str, str]) -> None:
    page = browser.get(url + path, timeout=10).text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    # As a browser does; over https a form from another address is refused.
    headers = {"Referer": url + path}
    data = {"csrf_token": token, **form}
    sent = browser.post(url + path, data, headers=headers, timeout=20, allow_redirects=False)
    assert sent.status_code == 303, sent.text


def test_a_request_goes_from_nginx_through_two_services_and_nothing_is_left_when_it_stops(
    rehearse: Callable[[], Rehearsal], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsal = rehearse().ready()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(rehearsal.folder / "secrets/tls_certificate"))
    children = psutil.Process(rehearsal.process.pid).children(recursive=True)
    assert sum("web" in child.cmdline() for child in children) == 4 * (1 + 2), "four times gunicorn and its workers"
    assert sum("work" in child.cmdline() for child in children) == 4
    assert all(child.uids().real for child in children if child.name() == "nginx"), "nginx does not run as root"

    browser = _sign_in_first_administrator(rehearsal)
    for page in ("/directory/people", "/notifications/notices", "/panel/meetings"):
        shown = browser.get(rehearsal.url + page, timeout=20)
        assert (shown.status_code, shown.url) == (200, rehearsal.url + page), "one session opens every service"

    portal = (rehearsal.folder / "secrets/portal_tokens").read_text().strip().partition(":")[2]
    document = sample_requests("bathnes", WRITTEN_ON)[0][1]
    answer = Client(rehearsal.url, portal).post("referrals", "/requests", document, idempotency_key="rehearsed")
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
    done = subprocess.run([_SCRIPT, *options, "--broker", away], capture_output=True, text=True, timeout=60)
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
