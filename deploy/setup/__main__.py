"""Run set-up steps by name: `python3 -m deploy.setup requirements assets`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from deploy.setup import assets, asyncapi, chromium, nginx, promtool, services, venv
from deploy.setup.progress import SetUpFailed

_PROJECT = Path(__file__).resolve().parents[2]

STEPS: dict[str, Callable[[], None]] = {
    "requirements": lambda: venv.install(_PROJECT, "requirements"),
    "requirements-dev": lambda: venv.install(_PROJECT, "requirements-dev"),
    "assets": lambda: assets.provide(_PROJECT),
    "asyncapi": lambda: asyncapi.provide(_PROJECT),
    "chromium": chromium.provide,
    "nginx": nginx.provide,
    "promtool": lambda: promtool.provide(_PROJECT),
    "services": services.provide,
}


def main(names: list[str]) -> int:
    """Run the named steps in order; returns 1 at the first that cannot go on, 2 for a name that is none."""
    unknown = [name for name in names if name not in STEPS]
    if unknown or not names:
        sys.stderr.write(f"Steps are: {', '.join(STEPS)}\n")
        return 2
    try:
        for name in names:
            STEPS[name]()
    except SetUpFailed as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. The next start repairs what was left half done.\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
