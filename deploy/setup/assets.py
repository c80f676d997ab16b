"""The style sheet and script of GOV.UK Frontend, fetched as a package and checked; they are not committed.

This product is not a service on GOV.UK: it may use the components, but not the typeface, the crown,
the crest or the logo. So only one style sheet and one script are kept, and the style sheet asks for
none of the rest.
"""

from __future__ import annotations

import re
import tarfile
import tempfile
from pathlib import Path

from deploy.setup import npm
from deploy.setup.progress import SetUpFailed, step

_PACKAGE = npm.Package(
    name="govuk-frontend",
    version="6.3.0",
    integrity="sha512-cXIQxm5PHCsbic47GXZrVBZhAeeshTLRL6ZBKilLsR6rMCjJuWb7Fruq0VUNMBJFlJk/srsRj/q8d5bM9cgKoA==",
)
# Raise this when what is kept or rewritten changes, so that existing checkouts make theirs anew.
_RECIPE = 1
_STAMP = f"{_PACKAGE.version} {_PACKAGE.integrity} {_RECIPE}\n"
_STYLE, _SCRIPT = "govuk-frontend.min.css", "govuk-frontend.min.js"

_TYPEFACE = re.compile(r"(?:/\*[^*]*\*+(?:[^/*][^*]*\*+)*/)?@font-face\s*\{[^}]*GDS Transport[^}]*\}")
_TYPEFACE_NAME = re.compile(r"""["']?GDS Transport["']?\s*,\s*""")
_CREST = re.compile(r"url\([^)]*govuk-crest[^)]*\)")
_SOURCE_MAP = re.compile(r"(?:/\*#|//#) sourceMappingURL=[^\s*]+(?: \*/)?\s*$")
_URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")


def provide(project: Path) -> None:
    """Let `shared/web/static/govuk/` hold the pinned assets; does nothing when it already does."""
    folder = project / "shared" / "web" / "static" / "govuk"
    stamp = folder / ".stamp"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == _STAMP:
        return
    with (
        step(f"Fetching GOV.UK Frontend {_PACKAGE.version}"),
        tempfile.TemporaryDirectory(prefix=".govuk-", dir=folder.parent) as beside,
    ):
        package = npm.fetch(project, _PACKAGE, Path(beside))
        ready = Path(beside, "ready")
        ready.mkdir()
        _unpack(package, ready)
        Path(ready, ".stamp").write_text(_STAMP, encoding="utf-8")
        _put_in_place(ready, folder)


def cleaned_style(css: str) -> str:
    """Return the style sheet without the typeface, the crest and the source map; raises SetUpFailed if a link stays."""
    css = _TYPEFACE.sub("", css)
    css = _TYPEFACE_NAME.sub("", css)
    css = _CREST.sub("none", css)
    css = _SOURCE_MAP.sub("", css)
    links = [link for link in _URL.findall(css) if not link.startswith("data:")]
    if links or "GDS Transport" in css:
        raise SetUpFailed(f"The style sheet still asks for what is not there: {', '.join(links) or 'GDS Transport'}.")
    return css


def _unpack(package: Path, ready: Path) -> None:
    with tarfile.open(package) as archive:
        style = _text_of(archive, _STYLE)
        script = _text_of(archive, _SCRIPT)
    Path(ready, _STYLE).write_text(cleaned_style(style), encoding="utf-8")
    Path(ready, _SCRIPT).write_text(_SOURCE_MAP.sub("", script), encoding="utf-8")


def _text_of(archive: tarfile.TarFile, name: str) -> str:
    try:
        file = archive.extractfile(f"package/dist/govuk/{name}")
    except KeyError:
        file = None
    if file is None:
        raise SetUpFailed(f"The package govuk-frontend {_PACKAGE.version} has no {name}.")
    return file.read().decode("utf-8")


def _put_in_place(ready: Path, folder: Path) -> None:
    """Swap the new folder in; whoever looks sees the old one, none for a moment, or the new one whole."""
    if folder.exists():
        folder.rename(ready.with_name("old"))
    ready.rename(folder)
