"""Waiting for an effect, never for a time."""

import time
from collections.abc import Callable
from datetime import datetime

import requests


class DidNotHappen(AssertionError):
    """What was waited for did not happen in time."""


def wait_until(is_so: Callable[[], object], what: str, *, seconds: float = 15) -> None:
    """Return as soon as `is_so` is true; raises DidNotHappen, naming `what`, when it is not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise DidNotHappen(f"did not happen in {seconds:.0f} seconds: {what}")
        time.sleep(0.02)


def wait_until_the_clocks_show(url: str, instant: datetime, *, seconds: float = 300) -> None:
    """Return when every service's training clock has walked to `instant` (UTC)."""

    def all_there() -> bool:
        services = requests.get(f"{url}/health/ready", timeout=10).json()["services"]
        clocks = [report["clock"] for report in services.values()]
        return all(datetime.fromisoformat(clock["now"]) >= instant and not clock["stopped_by"] for clock in clocks)

    wait_until(all_there, f"every clock at {instant:%d %B %H:%M}", seconds=seconds)


def wait_until_nothing_is_on_its_way(url: str, *, seconds: float = 60) -> None:
    """Return when no service has a fact to send or to handle; twice in a row, because one may lead to another."""
    calm = 0

    def is_calm() -> bool:
        nonlocal calm
        calm = calm + 1 if facts_left(url) == 0 else 0
        return calm >= 5

    wait_until(is_calm, "nothing on its way", seconds=seconds)


def facts_left(url: str) -> int:
    """Return how many facts no service has sent, or handled, yet; parked ones among them."""
    services = requests.get(f"{url}/health/ready", timeout=10).json()["services"]
    return sum(report["outbox_waiting"] + sum(report["inbox_waiting"].values()) for report in services.values())
