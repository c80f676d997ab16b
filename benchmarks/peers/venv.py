"""`.venv-bench`: where the peers are installed, for the benchmarks only and beside nothing of the product."""

import hashlib
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

from benchmarks.progress import say

_PROJECT = Path(__file__).parents[2]
_FOLDER = _PROJECT / ".venv-bench"
PYTHON = _FOLDER / "bin" / "python"


def provide() -> None:
    """Install what the group `bench` of pyproject.toml names, unless it is there already."""
    groups = tomllib.loads((_PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    wanted = hashlib.sha256("\n".join([sys.version, *groups["bench"]]).encode()).hexdigest()
    stamp = _FOLDER / ".installed"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    say(f"Installing the peers into {_FOLDER.name} ...")
    venv.create(_FOLDER, clear=True, with_pip=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, *groups["bench"]], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{done.stdout}{done.stderr}\npip could not install the peers; what it said is above.")
    stamp.write_text(wanted, encoding="utf-8")


def version_of(package: str) -> str:
    """Return which version of a peer is installed there."""
    ask = f"from importlib.metadata import version; print(version({package!r}))"
    return subprocess.run([str(PYTHON), "-c", ask], check=True, capture_output=True, text=True).stdout.strip()
