"""The official JSON Schema of AsyncAPI 3, against which the tests check `docs/asyncapi.json`; it is not committed."""

from __future__ import annotations

import json
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from deploy.setup import npm
from deploy.setup.progress import SetUpFailed, step

_PACKAGE = npm.Package(
    name="@asyncapi/specs",
    version="6.11.1",
    integrity="sha512-A3WBLqAKGoJ2+6FWFtpjBlCQ1oFCcs4GxF7zsIGvNqp/klGUHjlA3aAcZ9XMMpLGE8zPeYDz2x9FmO6DSuKraQ==",
)
_SCHEMA = "schemas/3.0.0.json"


def schema_in(project: Path) -> Path:
    """Return where the schema lies once it was fetched."""
    return project / ".schemas" / f"asyncapi-3.0.0-{_PACKAGE.version}.json"


def provide(project: Path) -> None:
    """Let the checkout hold the schema; does nothing when it already does."""
    file = schema_in(project)
    if file.exists():
        return
    file.parent.mkdir(exist_ok=True)
    with step("Fetching the schema of AsyncAPI"), tempfile.TemporaryDirectory(dir=file.parent) as beside:
        schema = _unpacked(npm.fetch(project, _PACKAGE, Path(beside)))
        ready = Path(beside, "ready")
        ready.write_text(json.dumps(schema), encoding="utf-8")
        ready.replace(file)


def _unpacked(package: Path) -> dict[str, Any]:
    with tarfile.open(package) as archive:
        found = archive.extractfile(f"package/{_SCHEMA}")
        if found is None:
            raise SetUpFailed(f"The package {_PACKAGE.name} {_PACKAGE.version} has no {_SCHEMA}.")
        return dict(json.load(found))
