"""The whole product in this process, as `make run` starts it, on a private PostgreSQL and in memory."""

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from services.embedded.together import Together
from shared.logs import start_logs
from tests.filled import started_from


@pytest.fixture(scope="module")
def logged() -> Iterator[io.StringIO]:
    """Give what the product writes to its log."""
    stream, hook = io.StringIO(), threading.excepthook
    start_logs(stream=stream)
    yield stream
    structlog.reset_defaults()
    threading.excepthook = hook


@pytest.fixture(scope="module")
def product(filled: Path, tmp_path_factory: pytest.TempPathFactory, logged: io.StringIO) -> Iterator[Together]:
    """Give everything together, with the samples in it."""
    with started_from(filled, tmp_path_factory.mktemp("var")) as together:
        yield together
