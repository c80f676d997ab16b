"""How a `work` process, which answers no requests, shows that it is alive: a file that it touches now and then.

Standard library only: a health check asks every few seconds, and must not cost what starting a service costs.
"""

import tempfile
import time
from pathlib import Path

SAY_EVERY_SECONDS = 5.0
_DEAD_AFTER_SECONDS = 20.0


def say_alive(service: str) -> None:
    """Leave a fresh sign that the service's work goes on."""
    _sign_of(service).touch()


def is_alive(service: str) -> bool:
    """Tell whether the service's `work` process in this container gave a sign lately."""
    try:
        return time.time() - _sign_of(service).stat().st_mtime < _DEAD_AFTER_SECONDS
    except FileNotFoundError:
        return False


def _sign_of(service: str) -> Path:
    return Path(tempfile.gettempdir(), f"early-help-{service}-work.alive")
