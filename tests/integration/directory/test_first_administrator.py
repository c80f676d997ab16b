"""The first administrator of a real system, through the process that makes them."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.directory.tables import PersonRow
from shared.events.directory import PersonChanged
from tests.integration.conftest import NEIGHBOUR_KEY, PRIVATE_KEY, PUBLIC_KEY, Running

_ROOT = Path(__file__).parents[3]


@pytest.fixture
def command(directory: Running) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Give a function that runs `python -m services.directory administrator` on the directory's database."""
    environ = {
        "DATABASE_URL_DIRECTORY": directory.database.url,
        "NEIGHBOUR_KEY": NEIGHBOUR_KEY,
        "SESSION_PUBLIC_KEY": PUBLIC_KEY,
        "SESSION_PRIVATE_KEY": PRIVATE_KEY,
        "PAGE_KEY": "a page key that only the tests know",
        "PUBLIC_URL": "https://help.council.example",
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "services.directory", "administrator", *arguments]
        return subprocess.run(line, cwd=_ROOT, env=os.environ | environ, capture_output=True, text=True, timeout=60)

    return run


Command = Callable[..., subprocess.CompletedProcess[str]]


def test_the_first_administrator_signs_in_after_choosing_a_password(directory: Running, command: Command) -> None:
    done = command("--email", "sian@council.example", "--name", "Siân Price")
    assert done.returncode == 0, done.stderr
    password = done.stdout.rpartition(": ")[2].strip()
    browser = directory.browser()
    once = browser.post("/directory/sign-in", data={"email": "sian@council.example", "password": password})
    assert once.location == "/directory/password"
    form = {"email": "sian@council.example", "password": password, "new_password": "three words of my own"}
    assert browser.post("/directory/password", data=form).status_code == 303
    assert browser.get("/directory/people").status_code == 200
    assert "Hello, Siân Price" in browser.get("/directory/").text
    assert next(fact.roles for fact in directory.announced(PersonChanged)) == ("administrator",)
    assert "password" not in done.stderr


def test_a_second_one_is_refused_unless_another_is_asked_for(directory: Running, command: Command) -> None:
    assert command("--email", "one@council.example").returncode == 0
    refused = command("--email", "two@council.example")
    assert refused.returncode != 0
    assert "There is an administrator already" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert command("--email", "two@council.example", "--another").returncode == 0
    with directory.database.read() as session:
        assert session.scalar(sa.select(sa.func.count(PersonRow.id))) == 2


def test_what_is_no_address_or_is_taken_adds_nobody(directory: Running, command: Command) -> None:
    assert command("--email", "one@council.example").returncode == 0
    for email, says in (
        ("not an address", "e-mail address"),
        ("ONE@council.example", "has this e-mail address already"),
    ):
        refused = command("--email", email, "--another")
        assert refused.returncode != 0
        assert says in refused.stderr
        assert "Traceback" not in refused.stderr
