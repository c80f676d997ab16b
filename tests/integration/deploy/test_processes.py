"""How blocks are started in order, watched and stopped, with small commands in the services' place."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from deploy.without_containers import processes
from deploy.without_containers.blocks import Block
from deploy.without_containers.places import Places
from deploy.without_containers.processes import BlockFailed, Processes
from services.embedded.waiting import wait_until

LASTS = "import time; time.sleep(60)"
IGNORES_SIGTERM = f"import signal; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); {LASTS}"

Start = Callable[..., Processes]


def a_block(name: str, does: str = LASTS, *, after: str = "", health: tuple[str, ...] = ("true",)) -> Block:
    return Block(name, (sys.executable, "-c", does), {}, health, {after: "service_healthy"} if after else {})


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    begun: list[Processes] = []
    (tmp_path / "logs").mkdir()

    def begin(*blocks: Block) -> Processes:
        places = Places(tmp_path, "http://localhost:1", {}, "postgresql://", "amqp://")
        begun.append(Processes({block.name: block for block in blocks}, places))
        begun[-1].start(lambda: False)
        return begun[-1]

    yield begin
    for running in begun:
        running.stop()


def test_a_block_waits_until_what_it_needs_is_done(start: Start, tmp_path: Path) -> None:
    made = tmp_path / "made"
    once = a_block("once", f"import time; time.sleep(.3); open({str(made)!r}, 'w')", health=())
    start(a_block("later", f"assert open({str(made)!r}).close() is None; {LASTS}", after="once"), once)


def test_a_block_that_fails_stops_the_start_and_its_last_words_are_told(start: Start) -> None:
    with pytest.raises(BlockFailed, match=r"(?s)once ended with exit code 1.*no such table"):
        start(a_block("once", "raise SystemExit('no such table')", health=()))


def test_a_lasting_block_that_ends_is_noticed(start: Start) -> None:
    running = start(a_block("short", "import time; time.sleep(1)"))

    def noticed() -> bool:
        with pytest.raises(BlockFailed, match="short ended with exit code 0"):
            running.check()
        return True

    wait_until(lambda: not _children(), "it has ended")
    assert noticed()


def test_one_that_does_not_become_healthy_is_named(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_SECONDS_TO_START", 0.5)
    with pytest.raises(BlockFailed, match="Not healthy within 0 s: ill"):
        start(a_block("well"), a_block("ill", health=("false",)))


def test_one_that_will_not_end_is_made_to(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_SECONDS_TO_STOP", 0.5)
    running = start(a_block("deaf", IGNORES_SIGTERM), a_block("obedient"))
    wait_until(lambda: "deaf" in (tmp_path / "logs/deaf.log").read_text(), "it no longer listens")
    running.stop()
    assert _children() == []


def _children() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children(recursive=True)
        if child.status() != psutil.STATUS_ZOMBIE and "time.sleep" in " ".join(child.cmdline())
    ]
