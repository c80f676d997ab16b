"""The whole product in this process, as `make run` starts it, on a private PostgreSQL and in memory."""

import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from services.embedded.run import fill_with_samples
from services.embedded.together import Options, Together, free_port
from shared.logs import start_logs


@pytest.fixture(scope="module")
def logged() -> Iterator[io.StringIO]:
    """Give what the product writes to its log."""
    stream, hook = io.StringIO(), threading.excepthook
    start_logs(stream=stream)
    yield stream
    structlog.reset_defaults()
    threading.excepthook = hook


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, logged: io.StringIO) -> Iterator[Together]:
    """Give everything together, with the samples in it."""
    together = Together(
        Options(
            var=Path(tmp_path_factory.mktemp("var")),
            port=free_port(),
            training_starts_at=datetime(2026, 11, 2, 9, 0, tzinfo=UTC),
            is_durable=False,
        )
    )
    together.start()
    try:
        fill_with_samples(together)
        yield together
    finally:
        together.stop()
