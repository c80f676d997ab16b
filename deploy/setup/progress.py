"""What the set-up tells the person who waits for it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


class SetUpFailed(Exception):
    """The set-up cannot go on; the text says why and what to do about it."""


class CommandFailed(SetUpFailed):
    """A command that the set-up needs went wrong; the text holds all that it said."""


def say(line: str) -> None:
    """Print one line at once, also into a pipe."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what begins, and how long it took when it went well."""
    say(f"{what} ...")
    started = time.monotonic()
    yield
    say(f"  done in {time.monotonic() - started:.0f} s")


def in_ci() -> bool:
    """Tell whether this is a run in which no test may be left out."""
    return os.environ.get("CI", "").lower() in ("true", "1", "yes")


def leave_out(what_is_missing: str, tests: str, how_to_get_them: str) -> None:
    """Say which tests will be left out and how to get them; raises SetUpFailed in CI, where none may be."""
    line = f"{what_is_missing}: {tests} will be left out. To run them: {how_to_get_them}"
    if in_ci():
        raise SetUpFailed(line + " (CI=true: no test may be left out.)")
    say(line)


def run_quietly(command: Sequence[str], *, folder: Path | None = None, environ: dict[str, str] | None = None) -> str:
    """Run a command and return what it printed; raises CommandFailed with the whole of it when it fails."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise CommandFailed(f"{command[0]}: {error.strerror}") from error
    if done.returncode:
        raise CommandFailed(f"{done.stdout}\n{' '.join(command)}\nfailed with exit code {done.returncode}.")
    return done.stdout
