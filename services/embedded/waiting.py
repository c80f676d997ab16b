"""Waiting for an effect, never for a time."""

import time
from collections.abc import Callable


def wait_until(is_so: Callable[[], bool], what: str, *, seconds: float = 15) -> None:
    """Return as soon as `is_so`; raises AssertionError, naming `what`, when it is not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"did not happen in {seconds} seconds: {what}"
        time.sleep(0.02)
