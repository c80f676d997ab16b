"""The blocks of docker-compose.yml, read by Compose itself, so that anchors and variables mean what they mean there."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]


class ComposeFailed(Exception):
    """Compose is not installed, or refuses the file; the text says why."""


@dataclass(frozen=True)
class Block:
    """One process: its command and environment, how its health is asked for, and what must have happened before."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    health: tuple[str, ...]
    needs: Mapping[str, str]
    """Block -> condition, as Compose calls it."""

    @property
    def runs_once(self) -> bool:
        """Say whether the process does its work and ends."""
        return not self.health


def read_blocks(file: Path, environ: Mapping[str, str]) -> dict[str, Block]:
    """Return every block by name, with variables filled in from `environ` alone; raises ComposeFailed."""
    compose = shutil.which("docker-compose", path=f"{Path(sys.executable).parent}:{environ.get('PATH', '')}")
    if compose is None:
        raise ComposeFailed("docker-compose is not there; requirements-dev.lock brings it.")
    command = [compose, "--env-file", "/dev/null", "--file", str(file), "config", "--format", "json"]
    done = subprocess.run(command, env=dict(environ), capture_output=True, text=True, check=False)
    if done.returncode:
        raise ComposeFailed(done.stderr.strip())
    return {name: _block(name, service) for name, service in json.loads(done.stdout)["services"].items()}


def _block(name: str, service: Mapping[str, Any]) -> Block:
    return Block(
        name=name,
        command=(*(service.get("entrypoint") or ()), *(service.get("command") or ())),
        environment={key: str(value or "") for key, value in service.get("environment", {}).items()},
        health=tuple(service.get("healthcheck", {}).get("test", ())[1:]),
        needs={needed: how["condition"] for needed, how in service.get("depends_on", {}).items()},
    )
