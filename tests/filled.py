"""Systems in this process as `make run` starts them; the samples are sent once, and each other system has a copy of its folder."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.embedded.run import fill_with_samples
from services.embedded.together import Options, Together, free_port
from services.embedded.waiting import wait_until_nothing_is_on_its_way

STARTS_AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@contextmanager
def started(var: Path, **changes: Any) -> Iterator[Together]:
    """Start everything on a port of its own, on what the folder holds, and stop it at the end."""
    options = Options(var=var, port=free_port(), training_starts_at=STARTS_AT, is_durable=False)
    together = Together(replace(options, **changes))
    together.start()
    try:
        yield together
    finally:
        together.stop()


def fill(var: Path) -> None:
    """Send the samples of Bath and North East Somerset to a system, and leave its folder when all has arrived."""
    with started(var) as together:
        fill_with_samples(together)
        wait_until_nothing_is_on_its_way(together.options.url)


@contextmanager
def started_from(filled: Path, var: Path) -> Iterator[Together]:
    """Start everything on a copy of a filled folder."""
    # Not shutil, which would give PostgreSQL's files to another account.
    subprocess.run(["cp", "-a", f"{filled}/.", str(var)], check=True)
    with started(var) as together:
        yield together
