"""The folder `.venv`: made by the machine's Python, filled by plain pip from a hashed requirements file."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deploy.setup import apt
from deploy.setup.progress import CommandFailed, SetUpFailed, run_quietly, say

_OLDEST_PYTHON = (3, 11)
_SECONDS_BETWEEN_LINES = 10.0


def install(project: Path, lock_name: str) -> None:
    """Let `project/.venv` hold what `project/<lock_name>.lock` lists; does nothing when it already does."""
    venv, lock = project / ".venv", project / f"{lock_name}.lock"
    stamp = venv / f".installed-{lock_name}"
    if _read(stamp) == _wanted_stamp(venv, lock):
        return
    with _alone(project):
        if _read(stamp) == _wanted_stamp(venv, lock):
            return
        if _must_be_rebuilt(venv):
            say("The .venv here was left unfinished, moved, or its Python has gone: making a new one.")
            shutil.rmtree(venv)
        if not _python_of(venv).exists():
            _make(venv)
        _fill(venv, lock)
        stamp.write_text(_wanted_stamp(venv, lock))


def _wanted_stamp(venv: Path, lock: Path) -> str:
    # A venv's scripts hold its own path, and its packages belong to one Python: the stamp is about all three.
    return "\n".join((hashlib.sha256(lock.read_bytes()).hexdigest(), *_circumstances(venv), ""))


def _circumstances(venv: Path) -> tuple[str, str]:
    return str(venv.absolute()), str(_python_of(venv).resolve())


def _must_be_rebuilt(venv: Path) -> bool:
    if not venv.exists():
        return False
    has_pip = any(venv.glob("lib/python*/site-packages/pip"))
    if _marker(venv).exists() or not _python_of(venv).exists() or not has_pip:
        return True
    stamps = [path.read_text().splitlines()[1:3] for path in venv.glob(".installed-*")]
    return any(tuple(stamp) != _circumstances(venv) for stamp in stamps)


def _make(venv: Path) -> None:
    _need_python()
    _need_ensurepip()
    say(f"Making .venv with Python {sys.version.split()[0]} ...")
    venv.mkdir(exist_ok=True)
    _marker(venv).touch()
    run_quietly([sys.executable, "-m", "venv", str(venv)])
    _marker(venv).unlink()


def _need_python() -> None:
    if sys.version_info < _OLDEST_PYTHON:
        raise SetUpFailed(
            f"This needs Python {_OLDEST_PYTHON[0]}.{_OLDEST_PYTHON[1]} or newer, and {sys.executable} is"
            f" {sys.version.split()[0]}. Name a newer one: make PYTHON=python3.12 ..."
        )


def _need_ensurepip() -> None:
    if _has_ensurepip():
        return
    # Debian splits ensurepip off; the package is named after the very Python that runs this.
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if not apt.may_install():
        raise SetUpFailed(f"This Python cannot make a venv. Install the Debian package {package} and start again.")
    apt.install(package)
    if not _has_ensurepip():
        raise SetUpFailed(
            f"{sys.executable} cannot make a venv, although {package} is installed: ensurepip is missing."
        )


def _has_ensurepip() -> bool:
    importlib.invalidate_caches()
    return importlib.util.find_spec("venv") is not None and importlib.util.find_spec("ensurepip") is not None


def _fill(venv: Path, lock: Path) -> None:
    count = sum("==" in line and not line.startswith((" ", "#")) for line in lock.read_text().splitlines())
    say(f"Installing {count} packages from {lock.name} ...")
    started = time.monotonic()
    _marker(venv).touch()
    pip = [str(_python_of(venv)), "-m", "pip", "install", "--require-hashes", "--disable-pip-version-check"]
    command = [*pip, "--no-input", "--progress-bar", "off", "-r", str(lock)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as run:
        said = list(_showing_progress(run.stdout or (), count))
    if run.returncode:
        # pip checks every hash before it installs anything, so after a mere refusal the venv is as it was.
        if not any(line.startswith("Installing collected packages") for line in said):
            _marker(venv).unlink()
        raise CommandFailed(f"{''.join(said)}\npip could not install {lock.name}; what it said is above.")
    _marker(venv).unlink()
    say(f"  done in {time.monotonic() - started:.0f} s")


def _showing_progress(lines: Iterable[str], count: int) -> Iterator[str]:
    """Give pip's lines back, saying how far it is on a terminal, and now and then elsewhere."""
    found, said_at = 0, time.monotonic()
    for line in lines:
        yield line
        found += line.startswith(("Collecting ", "Requirement already satisfied"))
        unpacks = line.startswith("Installing collected packages")
        progress = f"  {found} of {count} found" if not unpacks else "  all found, unpacking"
        if sys.stdout.isatty():
            sys.stdout.write(f"\r\x1b[K{progress}" + ("\n" if unpacks else ""))
            sys.stdout.flush()
        elif time.monotonic() - said_at > _SECONDS_BETWEEN_LINES:
            say(progress)
            said_at = time.monotonic()


@contextmanager
def _alone(project: Path) -> Iterator[None]:
    """Hold the right to change `.venv`, after whoever else has it."""
    with (project / ".venv.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is at work in this folder; waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _python_of(venv: Path) -> Path:
    return venv / "bin" / "python"


def _marker(venv: Path) -> Path:
    """Return the file that exists only while somebody changes the venv; left over, it tells of a broken one."""
    return venv / ".unfinished"


def _read(path: Path) -> str:
    with suppress(OSError):
        return path.read_text(encoding="utf-8")
    return ""
