"""APScheduler's reckoning of what is due when, in the thread of whoever asks it."""

import math
from datetime import UTC

from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.base import BaseScheduler


class Ticking(BaseScheduler):  # type: ignore[misc]
    """Runs its jobs inside `tick`, one after the other.

    APScheduler's own schedulers run them in threads, for which Python waits when the process should end.
    """

    def __init__(self) -> None:
        super().__init__(timezone=UTC, executors={"default": DebugExecutor()})

    def tick(self) -> float:
        """Run every job that is due, and return how many seconds are left until the next one is."""
        seconds = self._process_jobs()
        return math.inf if seconds is None else float(seconds)

    def wakeup(self) -> None:
        """Do nothing: who is told that jobs were added is the one who adds them."""

    def shutdown(self, wait: bool = True) -> None:
        """Forget the jobs."""
        super().shutdown(wait)
