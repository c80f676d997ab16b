"""A disk so small that a test can fill it, for one table of a database."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.database import Database

_SIZE = "32m"
_CHUNK = bytes(65_536)


class SmallDisk:
    """A mounted disk, and the file that takes its room."""

    def __init__(self, folder: Path) -> None:
        self._filler = folder / "filler"

    def fill(self) -> None:
        """Take all the room that is left."""
        with self._filler.open("wb", buffering=0) as file:
            for size in (len(_CHUNK), 4096):
                try:
                    while file.write(_CHUNK[:size]) == size:
                        pass
                except OSError:
                    continue

    def make_room(self) -> None:
        """Give the room back."""
        self._filler.unlink()


@contextmanager
def small_disk(folder: Path, database: Database, table: str) -> Iterator[SmallDisk]:
    """Have a table lie on a disk of its own while the block runs; skips the test where nothing may be mounted."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode and os.environ.get("CI"):
        pytest.fail(f"CI must be able to mount a small disk: {mounted.stderr}")
    if mounted.returncode:
        pytest.skip(f"only who may mount a disk can fill it: {mounted.stderr.strip()}")
    try:
        with _lying_in(folder / "table", database, table):
            yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


@contextmanager
def _lying_in(folder: Path, database: Database, table: str) -> Iterator[None]:
    data = Path(_say(database, "SHOW data_directory")).stat()
    folder.mkdir()
    os.chown(folder, data.st_uid, data.st_gid)
    _say(database, f"CREATE TABLESPACE small LOCATION '{folder}'")
    _say(database, f"ALTER TABLE {table} SET TABLESPACE small")
    try:
        yield
    finally:
        _say(database, f"ALTER TABLE {table} SET TABLESPACE pg_default")
        _say(database, "DROP TABLESPACE small")


def _say(database: Database, statement: str) -> str:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        answer = connection.execute(sa.text(statement))
        return str(answer.scalar()) if answer.returns_rows else ""
