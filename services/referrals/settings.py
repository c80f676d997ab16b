"""Every setting that the referrals service reads."""

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import urlsplit

from shared.service import ServiceSettings
from shared.settings import secret, setting

_KEY_BYTES = 32


def read_tokens(text: str) -> tuple[tuple[str, str], ...]:
    """Return `name:token,name2:token2` as pairs; raises ValueError."""
    return tuple((name, secret(token)) for name, token in _pairs(text, "name:token"))


def read_file_keys(text: str) -> tuple[tuple[str, bytes], ...]:
    """Return `id:key,id2:key2` as pairs, each key as its 32 bytes; raises ValueError."""
    return tuple((key_id, _file_key(key)) for key_id, key in _pairs(text, "id:key"))


def read_files_at(text: str) -> str:
    """Return the path of a folder, or `s3://bucket/prefix`; raises ValueError."""
    place = urlsplit(text)
    if (place.scheme == "s3" and place.netloc) or not place.scheme:
        return text
    raise ValueError("must be the path of a folder, or s3://bucket or s3://bucket/prefix")


def read_clamd_at(text: str) -> str:
    """Return `tcp://host:port` or `unix:/path`; raises ValueError."""
    place = urlsplit(text)
    if (place.scheme == "tcp" and place.hostname and place.port) or (place.scheme == "unix" and place.path):
        return text
    raise ValueError("must be tcp://host:port or unix:/path/of/the/socket")


def _pairs(text: str, shape: str) -> list[tuple[str, str]]:
    pairs: dict[str, str] = {}
    for part in text.split(","):
        name, _, value = part.strip().partition(":")
        if not name or not value or name in pairs:
            raise ValueError(f"must be {shape}, with commas between, each {shape.partition(':')[0]} once")
        pairs[name] = value
    return list(pairs.items())


def _file_key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != _KEY_BYTES:
        raise ValueError(f"each key must be {_KEY_BYTES} bytes in base64; `openssl rand -base64 32` makes one")
    return key


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """The settings of every service, this one's database, the portals that may send requests, and attachments."""

    database_url: str = setting("DATABASE_URL_REFERRALS")
    portal_tokens: tuple[tuple[str, str], ...] = setting("PORTAL_TOKENS", default=(), read=read_tokens)
    file_keys: tuple[tuple[str, bytes], ...] = setting("FILE_KEYS", read=read_file_keys)
    """Keys of attachments: new files are sealed with the first; the others are kept to open older ones."""
    files_at: str = setting("FILES_AT", read=read_files_at)
    s3_endpoint: str = setting("S3_ENDPOINT", default="")
    """Where a bucket is that is not Amazon's, as https://minio.example.gov.uk."""
    s3_region: str = setting("S3_REGION", default="eu-west-2")
    s3_access_key: str = setting("S3_ACCESS_KEY", default="")
    s3_secret_key: str = setting("S3_SECRET_KEY", default="")
    clamd_at: str = setting("CLAMD_AT", default="", read=read_clamd_at)
    """Where ClamAV's daemon listens; without it attachments are not checked for viruses, and say so."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.files_at.startswith("s3://") and not (self.s3_access_key and self.s3_secret_key):
            raise SystemExit("Cannot start: FILES_AT is a bucket, which needs S3_ACCESS_KEY and S3_SECRET_KEY.")
