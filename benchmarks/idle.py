"""What the product costs while nobody does anything: the panel service's two processes as deployed, and all of `make run`."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from benchmarks.measured import Measured, median_of
from benchmarks.progress import say
from benchmarks.stage import BROKER_URL, Stage, broker_prefix, stage
from services.embedded.keys import keys_in
from services.embedded.together import free_port

_WINDOWS, _WINDOW_SECONDS = 5, 12.0
_SETTLING_SECONDS = 15.0
_SECONDS_TO_START = 300.0
_LOOK_EVERY_SECONDS = 0.2
_REQUESTS_FIRST = 50
"""A worker of gunicorn imports and opens much only when it answers: both must have."""


class DidNotStart(Exception):
    """A process did not become ready; the text holds the end of what it said."""


def run() -> list[Measured]:
    """Watch every process for a minute, in five windows."""
    with stage() as here, broker_prefix() as prefix, ExitStack() as stack:
        environ = _environ(here, prefix)
        _migrate(environ)
        deployed = {
            "web": stack.enter_context(_started("web", [*_service(), "web"], environ, here.folder)),
            "work": stack.enter_context(_started("work", [*_service(), "work"], environ, here.folder)),
        }
        _wait_for_web(environ["PORT"], deployed["web"], here.folder / "web.log")
        everything = stack.enter_context(_make_run(here))
        say(f"all has started and settles; then {_WINDOWS} windows of {_WINDOW_SECONDS:.0f} s")
        time.sleep(_SETTLING_SECONDS)
        return _figures({name: _family(parent) for name, parent in deployed.items()}, _family(everything))


def quick() -> list[Measured]:
    """Watch as long as ever: there is no shorter way."""
    return run()


def _figures(deployed: Mapping[str, Sequence[psutil.Process]], everything: Sequence[psutil.Process]) -> list[Measured]:
    ours = [process for family in deployed.values() for process in family]
    shares = [_largest_share(ours) for _ in range(_WINDOWS)]
    largest = {name: max(_resident(process) for process in family) for name, family in deployed.items()}
    by_name = ", ".join(f"{name} {size:.0f} MB" for name, size in largest.items())
    proportional = sum(_proportional(process) for process in everything)
    return [
        median_of("idle.cpu_percent", shares, "% of a core", "the busiest process of panel's web and work"),
        _once("idle.rss_mb", max(largest.values()), f"the largest process, resident: {by_name}"),
        _once(
            "idle.make_run_mb", proportional, f"{len(everything)} processes of make run, proportional, with PostgreSQL"
        ),
    ]


def _once(name: str, megabytes: float, compared_to: str) -> Measured:
    return median_of(name, [megabytes], "MB", compared_to)


def _largest_share(processes: Sequence[psutil.Process]) -> float:
    before = [_seconds_of(process) for process in processes]
    time.sleep(_WINDOW_SECONDS)
    after = [_seconds_of(process) for process in processes]
    return max(100 * (late - early) / _WINDOW_SECONDS for early, late in zip(before, after, strict=True))


def _seconds_of(process: psutil.Process) -> float:
    used = process.cpu_times()
    return float(used.user + used.system)


def _resident(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 1e6


def _proportional(process: psutil.Process) -> float:
    """Return its memory in MB, what it shares with others divided among them."""
    return float(process.memory_full_info().pss) / 1e6


def _family(parent: subprocess.Popen[bytes]) -> list[psutil.Process]:
    process = psutil.Process(parent.pid)
    return [process, *process.children(recursive=True)]


def _service() -> list[str]:
    return [sys.executable, "-m", "services.panel"]


def _environ(stage: Stage, prefix: str) -> dict[str, str]:
    stage.postgres.ensure_database("panel")
    keys = keys_in(stage.folder / "keys")
    return {
        "DATABASE_URL_PANEL": stage.url("panel"),
        "BROKER_URL": BROKER_URL,
        "BROKER_PREFIX": prefix,
        "NEIGHBOUR_KEY": keys.neighbour,
        "SESSION_PUBLIC_KEY": keys.session_public,
        "PAGE_KEY": keys.page,
        "TRAINING": "yes",
        "PORT": str(free_port()),
    }


def _migrate(environ: Mapping[str, str]) -> None:
    subprocess.run([*_service(), "migrate"], env=os.environ | environ, check=True, stdout=sys.stderr)


@contextmanager
def _started(
    name: str, command: Sequence[str], environ: Mapping[str, str], folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, env=os.environ | environ, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _make_run(stage: Stage) -> Iterator[subprocess.Popen[bytes]]:
    environ = {"VAR": str(stage.folder / "var"), "PORT": str(free_port()), "BROKER_URL": ""}
    command = [sys.executable, "-m", "services", "run"]
    with _started("run", command, environ, stage.folder) as process:
        log = stage.folder / "run.log"
        _wait(lambda: "Ready:" in log.read_text(errors="replace"), process, log)
        yield process


def _wait_for_web(port: str, process: subprocess.Popen[bytes], log: Path) -> None:
    def answers() -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/panel/health/live", timeout=5).close()
        except urllib.error.URLError:
            return False
        return True

    _wait(answers, process, log)
    for _ in range(_REQUESTS_FIRST):
        answers()


def _wait(is_ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while not is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise DidNotStart(log.read_text(errors="replace")[-3000:])
        time.sleep(_LOOK_EVERY_SECONDS)
