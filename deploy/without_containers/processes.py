"""Starts blocks in the order that docker-compose.yml asks for, watches them, and stops them all."""

import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress

from deploy.without_containers.blocks import PROJECT, Block
from deploy.without_containers.places import Places, nginx_account

_SECONDS_TO_START = 120.0
_SECONDS_TO_STOP = 12.0
_LINES_OF_LOG = 20


class BlockFailed(Exception):
    """A block ended, or did not become healthy; the text says which, with the end of its log."""


class Processes:
    """The blocks as processes of this machine, each in a group of its own, so that Ctrl-C reaches only us."""

    def __init__(self, blocks: Mapping[str, Block], places: Places) -> None:
        self._blocks = blocks
        self._places = places
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._is_fine: set[str] = set()

    def start(self, is_told_to_stop: Callable[[], bool]) -> None:
        """Start every block when what it needs is fine, until all are or we are told to stop; raises BlockFailed."""
        deadline = time.monotonic() + _SECONDS_TO_START
        while len(self._is_fine) < len(self._blocks) and not is_told_to_stop():
            for block in self._blocks.values():
                self._bring_on(block)
            if time.monotonic() > deadline:
                late = ", ".join(sorted(self._blocks.keys() - self._is_fine))
                raise BlockFailed(f"Not healthy within {_SECONDS_TO_START:.0f} s: {late}.")
            time.sleep(0.1)

    def check(self) -> None:
        """Raise BlockFailed when a process that should run has ended."""
        for name, process in self._running.items():
            if not self._blocks[name].runs_once and process.poll() is not None:
                raise self._failure(name)

    def stop(self) -> None:
        """Ask every process to end, and after 12 seconds make it."""
        for process in self._running.values():
            self._signal(process, signal.SIGTERM)
        deadline = time.monotonic() + _SECONDS_TO_STOP
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._signal(process, signal.SIGKILL, whole_group=True)
                process.wait()

    def _bring_on(self, block: Block) -> None:
        process = self._running.get(block.name)
        if process is None:
            if block.needs.keys() & self._blocks.keys() <= self._is_fine:
                self._running[block.name] = self._started(block)
        elif block.name not in self._is_fine and self._has_become_fine(block, process):
            self._is_fine.add(block.name)

    def _has_become_fine(self, block: Block, process: subprocess.Popen[bytes]) -> bool:
        ended = process.poll()
        if ended or (ended == 0 and not block.runs_once):
            raise self._failure(block.name)
        return ended == 0 if block.runs_once else self._is_healthy(block)

    def _is_healthy(self, block: Block) -> bool:
        if block.name == "nginx":
            # Its container asks itself with a program that this machine may lack.
            return _answers(f"{self._places.inner_url}/directory/health/live")
        environ = self._places.environment(block)
        return subprocess.run(block.health, env=environ, cwd=PROJECT, capture_output=True, check=False).returncode == 0

    def _started(self, block: Block) -> subprocess.Popen[bytes]:
        with (self._places.folder / "logs" / f"{block.name}.log").open("wb") as log:
            if block.name == "nginx" and (account := nginx_account()):
                os.fchown(log.fileno(), account.pw_uid, account.pw_gid)
            return subprocess.Popen(
                self._places.command(block),
                env=self._places.environment(block),
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _failure(self, name: str) -> BlockFailed:
        log = (self._places.folder / "logs" / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        end = "\n".join(log.splitlines()[-_LINES_OF_LOG:])
        return BlockFailed(f"{name} ended with exit code {self._running[name].poll()}:\n{end}")

    def _signal(self, process: subprocess.Popen[bytes], number: signal.Signals, *, whole_group: bool = False) -> None:
        with suppress(ProcessLookupError):
            if whole_group:
                os.killpg(process.pid, number)
            else:
                process.send_signal(number)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:  # noqa: S310 - our own address
            return int(answer.status) == 200
    except OSError:
        return False
