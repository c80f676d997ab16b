"""When to try again, and when to stop trying."""

from datetime import timedelta

TRY_AGAIN_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""How long to wait after each attempt that failed for the moment; after one more the notice has failed."""

_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=5)


def wait_after_failure(attempts: int) -> timedelta | None:
    """Return how long to wait after the `attempts`-th attempt (from 1), or None when it was the last."""
    return TRY_AGAIN_AFTER[attempts - 1] if attempts <= len(TRY_AGAIN_AFTER) else None


def wait_for_neighbour(waits: int) -> timedelta:
    """Return how long to wait for a neighbour that was away `waits` times before (from 0); it never gives up."""
    return min(_LONGEST_WAIT, _FIRST_WAIT * (1 << min(waits, 10)))
