"""Debian packages, installed or only fetched where this user may."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from deploy.setup.progress import CommandFailed, run_quietly, step

_APT = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]


def as_root() -> list[str] | None:
    """Return the words to put before a command that needs root; None when this user cannot be root unasked."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return ["sudo", "-n"] if allowed.returncode == 0 else None


def may_install() -> bool:
    """Tell whether there is an apt-get that this user may run without being asked for a password."""
    return shutil.which("apt-get") is not None and as_root() is not None


def install(package: str) -> None:
    """Install a Debian package and say so; raises CommandFailed."""
    root = as_root() or []
    command = [*root, *_APT, "install", "-y", "--no-install-recommends", package]
    with step(f"Installing the Debian package {package}"):
        try:
            run_quietly(command)
        except CommandFailed:
            # A fresh machine has no package list yet, and an old list names versions that are gone.
            run_quietly([*root, *_APT, "update"])
            run_quietly(command)


def can_fetch() -> bool:
    """Tell whether packages can be fetched and unpacked here; that needs no rights."""
    return shutil.which("apt-get") is not None and shutil.which("dpkg-deb") is not None


def fetch(package: str, folder: Path) -> Path:
    """Return the Debian package's file, fetched into the folder and not installed; raises CommandFailed."""
    command = ["apt-get", "download", package]
    try:
        run_quietly(command, folder=folder)
    except CommandFailed:
        if not may_install():
            raise
        run_quietly([*(as_root() or []), *_APT, "update"])
        run_quietly(command, folder=folder)
    return next(folder.glob(f"{package}_*.deb"))
