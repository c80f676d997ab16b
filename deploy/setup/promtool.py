"""promtool, with which the tests check what Prometheus is given; it is not committed."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from deploy.setup import apt
from deploy.setup.progress import CommandFailed, leave_out, run_quietly, say, step

_PACKAGE = "prometheus"
_PROGRAM = "usr/bin/promtool"


def find(project: Path) -> str | None:
    """Return the path of promtool, the machine's own or the checkout's, None if there is none."""
    return shutil.which("promtool") or shutil.which(_place(project))


def provide(project: Path) -> None:
    """Say which promtool the tests will use, fetching one where apt can; raises SetUpFailed in CI without one."""
    missing = "No promtool"
    if not find(project) and apt.can_fetch():
        missing = _fetch(project) or missing
    path = find(project)
    if path:
        say(f"promtool: {path}")
    else:
        leave_out(missing, "the tests of alerts", "install promtool; it comes with Prometheus")


def _fetch(project: Path) -> str:
    """Take promtool out of Debian's package, and nothing else: installing that would start a Prometheus here."""
    place = _place(project)
    place.parent.mkdir(exist_ok=True)
    try:
        with step("Fetching promtool"), tempfile.TemporaryDirectory(dir=place.parent) as beside:
            package = apt.fetch(_PACKAGE, Path(beside))
            run_quietly(["dpkg-deb", "--extract", str(package), beside])
            Path(beside, _PROGRAM).replace(place)
    except (CommandFailed, OSError) as error:
        return f"{error}\nNo promtool"
    return ""


def _place(project: Path) -> Path:
    return project / ".tools" / "promtool"
