"""How the roles of a `work` process stop together."""

import threading
import time
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest

from shared import work
from shared.messaging.reader import EventReader
from shared.messaging.transport.memory import MemoryTransport
from shared.service import Loop, Service, ServiceSettings
from shared.work import Worker


@pytest.fixture
def let_go() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def a_worker(*loops: Any) -> Worker:
    service = Service(
        "panel", ServiceSettings, Mock(), EventReader("panel"), loops=[Loop(loop, every_seconds=60) for loop in loops]
    )
    return Worker(service, Mock(), MemoryTransport(Mock()), only=("loops",))


def test_roles_that_wait_for_work_stop_at_once() -> None:
    def sweep(_resources: Any) -> bool:
        return False

    worker = a_worker(sweep, sweep, sweep)
    worker.start()
    worker.stop()
    assert not worker.is_whole


def test_several_roles_that_do_not_end_are_waited_for_together(
    let_go: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "_STOP_SECONDS", 0.4)

    def hang(_resources: Any) -> bool:
        return let_go.wait()

    worker = a_worker(*[hang] * 5)
    worker.start()
    began = time.monotonic()
    worker.stop()
    assert 0.4 <= time.monotonic() - began < 1.2, "not five times as long"
    assert worker.is_whole


def test_a_role_that_ends_in_time_has_finished_what_it_held(let_go: threading.Event) -> None:
    finished: list[str] = []
    begun = threading.Event()

    def sweep(_resources: Any) -> bool:
        begun.set()
        let_go.wait(10)
        finished.append("sweep")
        return True

    worker = a_worker(sweep)
    worker.start()
    begun.wait(10)
    threading.Timer(0.1, let_go.set).start()
    worker.stop()
    assert finished == ["sweep"]
