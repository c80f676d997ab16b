"""Chromium, in which the browser tests walk through the pages."""

from __future__ import annotations

import os
import shutil

from deploy.setup import apt
from deploy.setup.progress import CommandFailed, leave_out, say

_NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """Return the path of a Chromium: the one that CHROMIUM names, else the first on PATH; None if there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def provide() -> None:
    """Say which Chromium the tests will use, installing one where apt may; raises SetUpFailed in CI without one."""
    missing = "No Chromium"
    if os.environ.get("CHROMIUM") and not find():
        missing = f"CHROMIUM={os.environ['CHROMIUM']} is not a program"
    elif not find() and apt.may_install():
        missing = _install() or missing
    path = find()
    if path:
        say(f"Chromium: {path}")
    else:
        leave_out(missing, "the browser tests", "install chromium, or name one with CHROMIUM=/path/to/chromium")


def _install() -> str:
    try:
        apt.install("chromium")
    except CommandFailed as error:
        return f"{error}\nNo Chromium"
    return ""
