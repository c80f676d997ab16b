"""Sealing, store and scanner of one service, put together from its settings."""

from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from services.referrals.files.scanner import Scanner, Verdict
from services.referrals.files.sealing import Sealer
from services.referrals.files.store import Bucket, Folder, Store
from services.referrals.settings import Settings


class Files:
    """Keeps the files of attachments, sealed, and has them checked where there is a scanner."""

    def __init__(self, sealer: Sealer, store: Store, scanner: Scanner | None) -> None:
        self._sealer, self._store, self._scanner = sealer, store, scanner

    @property
    def has_scanner(self) -> bool:
        """Say whether files are checked for viruses here."""
        return self._scanner is not None

    def verdict_on(self, content: bytes) -> Verdict | None:
        """Return what the scanner says, or None where there is none."""
        return self._scanner.verdict_on(content) if self._scanner else None

    def keep(self, attachment_id: UUID, request_id: UUID, content: bytes) -> str:
        """Keep a file and return the id of the key that it is sealed with; raises StoreAway."""
        self._store.put(attachment_id, self._sealer.seal(content, request_id, attachment_id))
        return self._sealer.key_id

    def read(self, attachment_id: UUID, request_id: UUID, key_id: str) -> bytes:
        """Return a file as it was sent; raises StoreAway and CannotOpen."""
        return self._sealer.open(self._store.get(attachment_id), key_id, request_id, attachment_id)

    def remove(self, attachment_id: UUID) -> None:
        """Remove a file, also one that is not there; raises StoreAway."""
        self._store.remove(attachment_id)


@lru_cache(maxsize=8)
def files_of(settings: Settings) -> Files:
    """Return the files of a service with these settings."""
    scanner = Scanner(settings.clamd_at) if settings.clamd_at else None
    return Files(Sealer(settings.file_keys), _store(settings), scanner)


def _store(settings: Settings) -> Store:
    place = urlsplit(settings.files_at)
    if place.scheme != "s3":
        return Folder(Path(settings.files_at))
    return Bucket(
        place.netloc,
        place.path.strip("/"),
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key,
    )
