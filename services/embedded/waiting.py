"""Waiting for an effect, never for a time."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import requests

from shared.service import SERVICES

_ASK_EVERY_SECONDS = 0.1
"""Four services are asked each time, and what they answer with is then missing for what is waited for."""


class DidNotHappen(AssertionError):
    """What was waited for did not happen in time."""


def wait_until(is_so: Callable[[], object], what: str, *, seconds: float = 15, every: float = 0.02) -> None:
    """Return as soon as `is_so` is true, asking it every so often (s); raises DidNotHappen, naming `what`, when it is not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise DidNotHappen(f"did not happen in {seconds:.0f} seconds: {what}")
        time.sleep(every)


def wait_until_the_clocks_show(url: str, instant: datetime, *, seconds: float = 300) -> None:
    """Return when every service's training clock has walked to `instant` (UTC)."""

    def all_there() -> bool:
        clocks = clocks_of(url).values()
        return all(datetime.fromisoformat(clock["now"]) >= instant and not clock["stopped_by"] for clock in clocks)

    wait_until(all_there, f"every clock at {instant:%d %B %H:%M}", seconds=seconds, every=_ASK_EVERY_SECONDS)


def clocks_of(url: str) -> dict[str, dict[str, Any]]:
    """Return each service's training clock: what it shows, where it goes and what stopped it."""
    return {service: report["clock"] for service, report in _reports(url).items()}


def wait_until_nothing_is_on_its_way(url: str, *, seconds: float = 60) -> None:
    """Return when no service has a fact to send or to handle; twice in a row, because one may lead to another."""
    calm = 0

    def is_calm() -> bool:
        nonlocal calm
        calm = calm + 1 if facts_left(url) == 0 else 0
        return calm >= 3

    wait_until(is_calm, "nothing on its way", seconds=seconds, every=_ASK_EVERY_SECONDS)


def facts_left(url: str) -> int:
    """Return how many facts no service has sent, or handled, yet; parked ones among them."""
    reports = _reports(url).values()
    return sum(report["outbox_waiting"] + sum(report["inbox_waiting"].values()) for report in reports)


def _reports(url: str) -> dict[str, dict[str, Any]]:
    """Ask each service how it is: so a deployed system is asked as one of one process is."""
    return {service: requests.get(f"{url}/{service}/health/ready", timeout=10).json() for service in SERVICES}
