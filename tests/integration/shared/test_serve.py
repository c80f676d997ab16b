"""What a worker of gunicorn makes ready before its first request."""

import gc
from collections.abc import Callable

from shared.web.serve import Web
from tests.integration.conftest import Running


def test_the_garbage_collector_leaves_alone_what_a_worker_made_before_its_first_request(
    start: Callable[..., Running],
) -> None:
    panel = start("panel")
    worker = Web(panel.service, panel.resources.settings)
    before = gc.get_freeze_count()
    try:
        worker.load()
        assert gc.get_freeze_count() > before + 10_000
    finally:
        gc.unfreeze()
        worker.close()
        worker.end()
