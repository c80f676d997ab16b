"""An authority's rules through time, read from its folder."""

import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from shared.authority.authority import Authority
from shared.authority.checks import check
from shared.authority.read import ProfileWrong, read_record

_FOLDER = Path(__file__).parent
_ADDED = "level_schemes"
"""What a later file adds to instead of replacing: old records keep the levels that they were made under."""

AUTHORITIES = tuple(sorted(folder.name for folder in _FOLDER.iterdir() if any(folder.glob("*.toml"))))
"""The keys of the authorities that there are profiles of."""


@dataclass(frozen=True)
class Version:
    """The rules as they are from a London date on."""

    from_on: date
    authority: Authority


@dataclass(frozen=True)
class Profile:
    """An authority's rules through time, the oldest first."""

    versions: tuple[Version, ...]

    @property
    def newest(self) -> Authority:
        """Return the rules of the last version."""
        return self.versions[-1].authority

    def on(self, day: date) -> Authority:
        """Return the rules in force on a London date; before the first version, those of the first."""
        return self.version_on(day).authority

    def version_on(self, day: date) -> Version:
        """Return the version in force on a London date; before the first, the first."""
        begun = [version for version in self.versions if version.from_on <= day]
        return begun[-1] if begun else self.versions[0]

    def before(self, version: Version) -> Version | None:
        """Return the version that this one took the place of, or None for the first."""
        place = self.versions.index(version)
        return self.versions[place - 1] if place else None


def load_profile(key: str, folder: Path = _FOLDER) -> Profile:
    """Return the profile `key`; raises ProfileWrong, naming the file, the place and what is wrong there."""
    versions = tuple(_versions(folder / key))
    if not versions:
        raise ProfileWrong(f"there is no authority profile {key!r}")
    return Profile(versions)


def _versions(folder: Path) -> Iterator[Version]:
    merged: dict[str, Any] = {}
    before: Authority | None = None
    for path in sorted(folder.glob("*.toml")):
        where = f"{folder.name}/{path.name}"
        from_on, table = _date_of(path, where), _table(path, where)
        merged |= table | {_ADDED: [*merged.get(_ADDED, ()), *table.get(_ADDED, ())]}
        authority = read_record(Authority, merged, where=where)
        check(authority, where, folder=folder.name, before=before)
        before = authority
        yield Version(from_on, authority)


def _table(path: Path, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ProfileWrong(f"{where}: {error}") from error


def _date_of(path: Path, where: str) -> date:
    # Only one way of writing a day: read in the order of their names, no two files are of the same one.
    with suppress(ValueError):
        day = date.fromisoformat(path.stem)
        if day.isoformat() == path.stem:
            return day
    raise ProfileWrong(f"{where}: a file is named after the day from which it is in force: 2027-04-01.toml")
