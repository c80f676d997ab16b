"""Requests taken in by the real API, and by the least that could take them in, under the same gunicorn."""

import http.client
import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4

from benchmarks.idle import DidNotStart
from benchmarks.measured import Measured, median_of
from benchmarks.progress import say
from benchmarks.stage import Stage, stage
from services.embedded.keys import keys_in
from services.embedded.samples import sample_requests
from services.embedded.together import free_port
from shared.london import london_date

_ROUNDS = 5
_REQUESTS = 1_000
_PORTALS = 8
"""Connections that send at the same time."""

_SECONDS_TO_START = 60.0
_LOOK_EVERY_SECONDS = 0.1
_SECONDS_TO_ANSWER = 30.0


class NotTakenIn(Exception):
    """A request was not answered with 201; the text holds the answer."""


@dataclass(frozen=True)
class Door:
    """Where requests go, by which headers, and the table that must hold them all in the end."""

    name: str
    url: str
    headers: Mapping[str, str]
    database: str


def run() -> list[Measured]:
    """Measure both by turns."""
    return _measured(_ROUNDS)


def quick() -> list[Measured]:
    """Measure both once."""
    return _measured(1)


def _measured(rounds: int) -> list[Measured]:
    bodies = _bodies()
    with stage() as here, _doors(here) as doors:
        for door in doors:
            _rate(door, bodies[:_PORTALS] * 20)  # Both import and prepare much only when they answer first.
        rates: dict[str, list[float]] = {door.name: [] for door in doors}
        for _ in range(rounds):
            for door in doors:
                rates[door.name].append(_rate(door, list(itertools.islice(itertools.cycle(bodies), _REQUESTS))))
                say(f"{door.name}: {rates[door.name][-1]:,.0f} requests/s")
        for door in doors:
            _check_all_are_there(here, door, _PORTALS * 20 + rounds * _REQUESTS)
    size = sum(map(len, bodies)) / len(bodies) / 1000
    ratios = [real / bare for real, bare in zip(rates["real"], rates["bare"], strict=True)]
    return [
        median_of("intake.requests_per_second", rates["real"], "requests/s", f"documents of {size:.1f} KB"),
        median_of("intake.bare_per_second", rates["bare"], "requests/s", "Flask, the same validation, two INSERTs"),
        median_of("intake.ratio_to_bare_insert", ratios, "x", "the median of the rounds"),
    ]


def _bodies() -> list[bytes]:
    requests = sample_requests("bathnes", london_date(datetime.now(UTC)))
    return [json.dumps(document).encode() for _, document in requests if document["kind"] == "request"]


@contextmanager
def _doors(stage: Stage) -> Iterator[list[Door]]:
    keys = keys_in(stage.folder / "keys")
    for name in ("referrals", "bare"):
        stage.postgres.ensure_database(name)
    one_worker = {"WEB_WORKERS": "1", "PYTHONUNBUFFERED": "1"}
    service = one_worker | {
        "DATABASE_URL_REFERRALS": stage.url("referrals"),
        "NEIGHBOUR_KEY": keys.neighbour,
        "SESSION_PUBLIC_KEY": keys.session_public,
        "PAGE_KEY": keys.page,
        "PORTAL_TOKENS": f"portal:{keys.portal}",
        "FILE_KEYS": keys.files,
        "FILES_AT": "nothing-is-attached",
        "TRAINING": "yes",
        "PORT": str(free_port()),
    }
    peer = one_worker | {"DATABASE_URL": stage.url("bare"), "PORT": str(free_port())}
    real = [sys.executable, "-m", "services.referrals"]
    subprocess.run([*real, "migrate"], env=os.environ | service, check=True, stdout=sys.stderr)
    bare = [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--threads", "4", "--bind"]
    doors = [
        Door(
            "real",
            f"http://127.0.0.1:{service['PORT']}/referrals/api/v1/requests",
            {"Authorization": f"Bearer {keys.portal}"},
            "referrals",
        ),
        Door("bare", f"http://127.0.0.1:{peer['PORT']}/requests", {}, "bare"),
    ]
    with ExitStack() as stack:
        stack.enter_context(served(stage, "real", [*real, "web"], service))
        where = f"127.0.0.1:{peer['PORT']}"
        stack.enter_context(served(stage, "bare", [*bare, where, "benchmarks.peers.bare_intake:app()"], peer))
        yield doors


@contextmanager
def served(stage: Stage, name: str, command: Sequence[str], environ: Mapping[str, str]) -> Iterator[None]:
    """Give a server that answers, and end it; what it says goes to a log that is shown when something goes wrong."""
    log = stage.folder / f"{name}.log"
    with log.open("wb") as said:
        process = subprocess.Popen(command, env=os.environ | environ, stdout=said, stderr=said)
    try:
        deadline = time.monotonic() + _SECONDS_TO_START
        while not _answers(int(environ["PORT"])):
            if process.poll() is not None or time.monotonic() > deadline:
                raise DidNotStart(log.read_text(errors="replace")[-3000:])
            time.sleep(_LOOK_EVERY_SECONDS)
        yield
    except NotTakenIn as refused:
        raise NotTakenIn(f"{refused}; {name} said: {log.read_text(errors='replace')[-3000:]}") from refused
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS_TO_ANSWER)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def _rate(door: Door, bodies: Sequence[bytes]) -> float:
    """Send every body once, over connections that stay open; return how many a second were answered."""
    waiting, lock = iter(bodies), threading.Lock()
    started = time.monotonic()
    with ThreadPoolExecutor(_PORTALS) as portals:
        for sent in [portals.submit(_send, door, waiting, lock) for _ in range(_PORTALS)]:
            sent.result()
    return len(bodies) / (time.monotonic() - started)


def _send(door: Door, waiting: Iterator[bytes], lock: threading.Lock) -> None:
    address = urlsplit(door.url)
    connection = http.client.HTTPConnection(address.netloc, timeout=_SECONDS_TO_ANSWER)
    try:
        while True:
            with lock:
                body = next(waiting, None)
            if body is None:
                return
            headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4()), **door.headers}
            connection.request("POST", address.path, body, headers)
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != http.client.CREATED:
                raise NotTakenIn(f"{door.name}: {answer.status} {said[:500]!r}")
    finally:
        connection.close()


def _check_all_are_there(stage: Stage, door: Door, count: int) -> None:
    with stage.connect(door.database) as connection:
        for table in ("request", "outbox"):
            held = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - a name of ours
            if held != (count,):
                raise NotTakenIn(f"{door.name}: {held} of {count} rows are in {table}")
