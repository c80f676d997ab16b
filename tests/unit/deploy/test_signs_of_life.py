"""How a process that answers no requests is known to be alive."""

import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import health
from shared import alive, main


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


class FakeWorker:
    """A worker whose roles live until they are told to die."""

    is_whole = True


def test_one_that_never_started_is_not_alive() -> None:
    assert health.main("work", "panel") == 1


def test_one_that_gave_a_sign_lately_is_alive_and_another_service_is_not() -> None:
    alive.say_alive("panel")
    assert health.main("work", "panel") == 0
    assert health.main("work", "referrals") == 1


def test_one_that_has_been_silent_for_long_is_not_alive(tmp_path: Path) -> None:
    alive.say_alive("panel")
    (sign,) = tmp_path.iterdir()
    os.utime(sign, (time.time() - 30, time.time() - 30))
    assert health.main("work", "panel") == 1


def test_it_gives_signs_until_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "SAY_EVERY_SECONDS", 0.01)
    threading.Timer(0.1, lambda: signal.raise_signal(signal.SIGTERM)).start()
    assert main._wait_for_stop(FakeWorker(), "panel") is True  # type: ignore[arg-type]
    assert alive.is_alive("panel")


def test_one_whose_role_died_gives_no_more_signs_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "SAY_EVERY_SECONDS", 0.01)
    worker = FakeWorker()
    threading.Timer(0.05, lambda: setattr(worker, "is_whole", False)).start()
    assert main._wait_for_stop(worker, "panel") is False  # type: ignore[arg-type]
