"""A work process notices that one of its roles has died."""

from types import SimpleNamespace

import pytest

from services.panel.app import SERVICE
from shared.messaging.topology import Topology
from shared.messaging.transport.memory import MemoryTransport
from shared.service import Loop, Service
from shared.work import Worker


def _worker(loop: Loop) -> Worker:
    service = Service("panel", SERVICE.settings, SERVICE.create_app, SERVICE.events, loops=[loop])
    resources = SimpleNamespace(database=None, clock=None)
    return Worker(service, resources, MemoryTransport(Topology()), only=("loops",))  # type: ignore[arg-type]


def test_it_is_whole_while_its_roles_run_even_when_one_of_them_fails() -> None:
    def fails(_: object) -> bool:
        raise ValueError("an accident")

    worker = _worker(Loop(fails, every_seconds=60))
    worker.start()
    assert worker.is_whole
    worker.stop()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_it_is_not_when_a_role_has_ended() -> None:
    def ends(_: object) -> bool:
        raise SystemExit

    worker = _worker(Loop(ends, every_seconds=60))
    worker.start()
    worker._threads[0].join(5)
    assert not worker.is_whole
