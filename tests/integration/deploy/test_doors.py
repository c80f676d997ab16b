"""nginx as deployed, before stand-ins for the services that say back what reached them."""

import http.server
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from deploy.without_containers.blocks import read_blocks
from deploy.without_containers.places import Places, nginx_account
from services.embedded.together import free_port
from services.embedded.waiting import wait_until
from shared.service import SERVICES
from tests.integration.deploy.conftest import ROOT


class _Echo(http.server.BaseHTTPRequestHandler):
    """Says which service was reached, by which path and with which headers."""

    def do_GET(self) -> None:
        body = json.dumps({"service": self.server.name, "path": self.path, **dict(self.headers)}).encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Log nothing."""


@dataclass(frozen=True)
class Door:
    """A running nginx: where http and https are, and what it logged."""

    http: str
    https: str
    certificate: Path
    log: Path
    stop_service: Callable[[str], None]

    def get(self, url: str, **headers: str) -> dict[str, Any]:
        """Return what reached the service."""
        answer = requests.get(url, headers=headers, timeout=10, verify=str(self.certificate))
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


Open = Callable[..., Door]


@pytest.fixture
def open_door(nginx_program: str) -> Iterator[Open]:
    # Not below pytest's own folder, which only its user may enter: nginx is somebody else where that is root.
    folder = Path(tempfile.mkdtemp(prefix="early-help-doors-"))
    folder.chmod(0o711)
    servers: dict[str, http.server.ThreadingHTTPServer] = {}
    running: list[subprocess.Popen[bytes]] = []

    def stop_service(name: str) -> None:
        servers[name].shutdown()
        servers.pop(name).server_close()

    def begin(door: str, outer_proxy: str = "") -> Door:
        secrets = folder / "secrets"
        subprocess.run([ROOT / "deploy/make-secrets", secrets], check=True, capture_output=True)
        blocks = read_blocks(ROOT / "docker-compose.yml", {"PUBLIC_URL": "https://early-help.example", "DOOR": door})
        http_url = f"http://127.0.0.1:{free_port()}"
        places = Places(folder, http_url, blocks, "postgresql://", "amqp://")
        places.nginx = folder / "files"
        places.lay_out_nginx()
        part = places.nginx / "outer-proxy.part"
        part.write_text(f"{outer_proxy}\n{part.read_text(encoding='utf-8')}", encoding="utf-8")
        for number, name in enumerate(SERVICES, start=8001):
            address = places.translated(f"{name}-web:{number}").split(":")
            servers[name] = http.server.ThreadingHTTPServer((address[0], int(address[1])), _Echo)
            servers[name].name = name  # type: ignore[attr-defined]
            threading.Thread(target=servers[name].serve_forever, daemon=True).start()
        log = folder / "nginx.log"
        with log.open("wb") as stream:
            if account := nginx_account():
                os.fchown(stream.fileno(), account.pw_uid, account.pw_gid)
            environ = {"PATH": f"{os.environ['PATH']}:{Path(nginx_program).parent}"}
            running.append(subprocess.Popen(places.command(blocks["nginx"]), stdout=stream, stderr=stream, env=environ))
        https = places.translated("nginx:8443").rpartition(":")[2]
        opened = Door(http_url, f"https://localhost:{https}", secrets / "tls_certificate", log, stop_service)
        wait_until(lambda: _listens(int(http_url.rpartition(":")[2])), "nginx listens")
        return opened

    yield begin
    for process in running:
        process.terminate()
        process.wait(10)
    for name in list(servers):
        stop_service(name)
    shutil.rmtree(folder)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def test_each_service_is_found_under_its_name_and_the_directory_speaks_for_the_rest(open_door: Open) -> None:
    door = open_door("http")
    for service in SERVICES:
        assert door.get(f"{door.http}/{service}/a?b=c%2Fd")["service"] == service
        assert door.get(f"{door.http}/{service}")["service"] == service
    assert door.get(f"{door.http}/panel/a%20b/?q=%2F")["path"] == "/panel/a%20b/?q=%2F", (
        "an address arrives as it was sent"
    )
    assert door.get(f"{door.http}/panelists")["service"] == "directory"
    start = requests.get(door.http, timeout=10, allow_redirects=False)
    assert (start.status_code, start.headers["Location"]) == (302, "/directory/")


def test_what_a_browser_claims_about_itself_is_not_believed(open_door: Open) -> None:
    door = open_door("http")
    claims = {"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    seen = door.get(f"{door.http}/directory/", Forwarded="for=10.0.0.1", **claims)
    assert (seen["X-Forwarded-For"], seen["X-Forwarded-Proto"]) == ("127.0.0.1", "http")
    assert seen["X-Forwarded-Host"] == seen["Host"] == door.http.removeprefix("http://")
    assert "Forwarded" not in seen


def test_the_usual_door_is_https_and_sends_everybody_there(open_door: Open) -> None:
    door = open_door("https")
    seen = door.get(f"{door.https}/panel/x")
    assert (seen["service"], seen["X-Forwarded-Proto"]) == ("panel", "https")
    plain = requests.get(
        f"{door.http}/panel/x?y=z", headers={"Host": "help.example"}, timeout=10, allow_redirects=False
    )
    assert (plain.status_code, plain.headers["Location"]) == (308, "https://help.example/panel/x?y=z")


def test_behind_the_councils_proxy_its_word_counts_once_it_is_named(open_door: Open) -> None:
    named = open_door("behind-a-proxy", "set_real_ip_from 127.0.0.1;")
    seen = named.get(f"{named.http}/panel/", **{"X-Forwarded-For": "198.51.100.7"})
    assert (seen["X-Forwarded-For"], seen["X-Forwarded-Proto"]) == ("198.51.100.7", "https")


def test_a_proxy_that_is_not_named_is_not_believed(open_door: Open) -> None:
    door = open_door("behind-a-proxy")
    assert door.get(f"{door.http}/panel/", **{"X-Forwarded-For": "198.51.100.7"})["X-Forwarded-For"] == "127.0.0.1"


def test_a_service_that_is_away_is_said_in_plain_words_and_the_log_holds_no_address(open_door: Open) -> None:
    door = open_door("http")
    door.stop_service("panel")
    away = requests.get(f"{door.http}/panel/families?name=Marsh-Bennett", timeout=10)
    assert away.status_code == 502
    assert "Sorry, the service is unavailable" in away.text
    assert away.headers["Cache-Control"] == "no-store"
    assert door.get(f"{door.http}/referrals/")["service"] == "referrals", "the others go on"
    wait_until(lambda: '"status":502' in door.log.read_text(), "a line in the log")
    lines = [json.loads(line) for line in door.log.read_text().splitlines()]
    assert [(line["event"], line["where"]) for line in lines] == [("lost", "panel")]


def test_a_body_that_is_too_large_is_refused_before_it_reaches_a_service(open_door: Open) -> None:
    door = open_door("http")
    assert requests.post(f"{door.http}/referrals/", data=b"x" * 9_000_000, timeout=10).status_code == 200
    try:
        assert requests.post(f"{door.http}/referrals/", data=b"x" * 13_000_000, timeout=10).status_code == 413
    except requests.ConnectionError:
        assert '"status":413' in door.log.read_text()
