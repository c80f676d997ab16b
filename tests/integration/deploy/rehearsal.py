"""A running `deploy/without-containers`, and its first administrator."""

import os
import signal
import subprocess
from pathlib import Path

import psycopg
import pytest
import requests
from sqlalchemy.engine import make_url

from services.embedded.postgres import PrivatePostgres
from services.embedded.together import free_port
from tests.brokers import BROKER_URL

EMAIL, PASSWORD = "first@council.example", "three words of my own"
SCRIPT = Path(__file__).parents[3] / "deploy/without-containers"


class Rehearsal:
    """A running `deploy/without-containers`."""

    def __init__(self, folder: Path, postgres: PrivatePostgres, *, door: str = "https", **environ: str) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"{door}://localhost:{self.port}"
        self.admin_url = postgres.url("postgres")
        options = ["--port", str(self.port), "--door", door, "--postgres", self.admin_url, "--broker", BROKER_URL]
        self.process = subprocess.Popen(
            [SCRIPT, *options, "--folder", folder],
            env=os.environ | environ,
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
        line = [str(SCRIPT), "exec", "--folder", str(self.folder), block, *command]
        return subprocess.run(line, capture_output=True, text=True, timeout=60, check=True).stdout

    def portal_token(self) -> str:
        """Return the token with which the portal sends requests."""
        return (self.folder / "secrets/portal_tokens").read_text(encoding="utf-8").strip().partition(":")[2]

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


def sign_in_first_administrator(rehearsal: Rehearsal) -> requests.Session:
    """Go the way of docs/deploying.md: make the administrator, sign in once, choose a password."""
    command = ["python", "-m", "services.directory", "administrator", "--email", EMAIL]
    once = rehearsal.runs_in("directory-web", *command).rpartition(": ")[2].strip()
    browser = requests.Session()
    _send(browser, rehearsal.url, "/directory/sign-in", {"email": EMAIL, "password": once})
    form = {"email": EMAIL, "password": once, "new_password": PASSWORD}
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
