"""nginx, which the tests of what is deployed put before the services."""

from __future__ import annotations

import os
import shutil

from deploy.setup import apt
from deploy.setup.progress import CommandFailed, leave_out, say


def find() -> str | None:
    """Return the path of nginx, None if there is none."""
    # Debian keeps servers where only root's PATH looks.
    return shutil.which("nginx", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin")))


def provide() -> None:
    """Say which nginx the tests will use, installing one where apt may; raises SetUpFailed in CI without one."""
    missing = "No nginx"
    if not find() and apt.may_install():
        missing = _install() or missing
    path = find()
    if path:
        say(f"nginx: {path}")
    else:
        leave_out(missing, "the tests of what is deployed", "install nginx; Debian's nginx-light is enough")


def _install() -> str:
    try:
        apt.install("nginx-light")
    except CommandFailed as error:
        return f"{error}\nNo nginx"
    return ""
