"""Processes that are made ready first and released together, so that a start costs no contender anything."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_SECONDS_TO_START = 60.0
_SECONDS_TO_STOP = 15.0


class ContenderFailed(Exception):
    """A process of a benchmark ended when it should not have; the text holds the end of what it said."""


@dataclass(frozen=True)
class Command:
    """What to start, and what its environment has besides ours."""

    name: str
    words: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=dict)


class Contender:
    """One process: it prints `ready`, waits for a line, works, and ends when its standard input does."""

    def __init__(self, command: Command, folder: Path) -> None:
        self._name = command.name
        self._log = folder / f"{command.name}.log"
        with self._log.open("wb") as errors:
            self._process = subprocess.Popen(
                command.words,
                env=os.environ | command.environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def wait_until_ready(self) -> None:
        """Return when the process has said that it is ready; raises ContenderFailed when it ends or waits instead."""
        # One who says nothing is killed, so that the loop below comes to its end.
        too_late = threading.Timer(_SECONDS_TO_START, self._process.kill)
        too_late.start()
        try:
            if any(line.strip() == "ready" for line in _pipe(self._process.stdout)):
                # What it says from now on is nobody's concern, but a full pipe would stop it.
                threading.Thread(target=_pipe(self._process.stdout).read, daemon=True).start()
                return
        finally:
            too_late.cancel()
        raise ContenderFailed(f"{self._name} did not start:\n{self.end_of_log()}")

    def release(self) -> None:
        """Let it begin."""
        pipe = _pipe(self._process.stdin)
        pipe.write("go\n")
        pipe.flush()

    def check(self) -> None:
        """Raise ContenderFailed when it has ended with a fault."""
        if self._process.poll() not in (None, 0):
            raise ContenderFailed(f"{self._name} ended:\n{self.end_of_log()}")

    def stop(self) -> None:
        """Have it end, and wait for that; one that does not is killed."""
        with suppress(BrokenPipeError):
            _pipe(self._process.stdin).close()
        try:
            self._process.wait(_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def end_of_log(self) -> str:
        """Return the last lines that the process wrote to its standard error."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-20:])


@contextmanager
def made_ready(commands: Sequence[Command], folder: Path) -> Iterator[list[Contender]]:
    """Start a process for each command, give them when all are ready, and stop them at the end."""
    with ExitStack() as stack:
        contenders = []
        for command in commands:
            contenders.append(Contender(command, folder))
            stack.callback(contenders[-1].stop)
        for contender in contenders:
            contender.wait_until_ready()
        yield contenders


def one_role(role: str, service: str, environ: Mapping[str, str]) -> Command:
    """Return the command of a process of ours that does one role."""
    return Command(role, [sys.executable, "-m", "benchmarks.role", role, service], environ)


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None  # noqa: S101 - the process was started with it
    return pipe
