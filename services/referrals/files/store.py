"""Where sealed files lie: a folder, or a bucket that speaks S3. Each under its attachment's id, never under a name."""

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID, uuid4

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

if TYPE_CHECKING:
    from obstore.store import S3Config


_AWAY = (BaseError, OSError)
"""What obstore raises: a bucket or a file that is not there is Python's own FileNotFoundError."""


class StoreAway(Exception):
    """The store does not answer, or has no such file."""


class Store(Protocol):
    """Puts, gets and removes whole files."""

    def put(self, attachment_id: UUID, sealed: bytes) -> None:
        """Keep a file; raises StoreAway."""

    def get(self, attachment_id: UUID) -> bytes:
        """Return a file; raises StoreAway."""

    def remove(self, attachment_id: UUID) -> None:
        """Remove a file, also one that is not there; raises StoreAway."""


class Folder:
    """A folder that only its owner may read. A file is there whole and on the disk, or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, attachment_id: UUID, sealed: bytes) -> None:
        """Keep a file; raises StoreAway."""
        path = self._path(attachment_id)
        # Two who send the same file at once write beside each other, and either's whole file may stay.
        fresh = path.with_suffix(f".{uuid4().hex}.new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise StoreAway(str(error)) from error

    def get(self, attachment_id: UUID) -> bytes:
        """Return a file; raises StoreAway."""
        try:
            return self._path(attachment_id).read_bytes()
        except OSError as error:
            raise StoreAway(str(error)) from error

    def remove(self, attachment_id: UUID) -> None:
        """Remove a file, also one that is not there; raises StoreAway."""
        path = self._path(attachment_id)
        try:
            for fresh in path.parent.glob(f"{path.name}.*.new"):
                fresh.unlink(missing_ok=True)
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreAway(str(error)) from error

    def _path(self, attachment_id: UUID) -> Path:
        return self._folder / attachment_id.hex[:2] / attachment_id.hex


class Bucket:
    """A bucket that speaks S3: Amazon's, or another's at an endpoint of its own."""

    def __init__(
        self, bucket: str, prefix: str, *, endpoint: str, region: str, access_key: str, secret_key: str
    ) -> None:
        config: S3Config = {
            "region": region,
            "access_key_id": access_key,
            "secret_access_key": secret_key,
            "virtual_hosted_style_request": not endpoint,
        }
        if endpoint:
            config["endpoint"] = endpoint
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            config=config,
            client_options={"allow_http": endpoint.startswith("http://"), "timeout": "30s"},
            retry_config={"max_retries": 2},
        )

    def put(self, attachment_id: UUID, sealed: bytes) -> None:
        """Keep a file; raises StoreAway."""
        try:
            obstore.put(self._store, attachment_id.hex, sealed)
        except _AWAY as error:
            raise StoreAway(type(error).__name__) from error

    def get(self, attachment_id: UUID) -> bytes:
        """Return a file; raises StoreAway."""
        try:
            return bytes(obstore.get(self._store, attachment_id.hex).bytes())
        except _AWAY as error:
            raise StoreAway(type(error).__name__) from error

    def remove(self, attachment_id: UUID) -> None:
        """Remove a file, also one that is not there; raises StoreAway."""
        try:
            obstore.delete(self._store, attachment_id.hex)
        except _AWAY as error:
            raise StoreAway(type(error).__name__) from error


def _sync_folder(folder: Path) -> None:
    # The name of a file is in its folder: until that is on the disk too, the file may be gone after a loss of power.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
