"""The keys of a private system, made once and kept beside its database."""

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)


@dataclass(frozen=True)
class Keys:
    """What the services need to know each other and their people by."""

    session_private: str
    session_public: str
    neighbour: str
    page: str
    portal: str
    files: str


def keys_in(folder: Path) -> Keys:
    """Return the keys kept in `folder`, making those that are not there yet; only the owner may read them."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = _kept(folder / "session.pem", _new_session_key)
    return Keys(
        session_private=private,
        session_public=_public_half(private),
        neighbour=_kept(folder / "neighbour", secrets.token_urlsafe),
        page=_kept(folder / "page", secrets.token_urlsafe),
        portal=_kept(folder / "portal", secrets.token_urlsafe),
        files=_kept(folder / "files", _new_file_key),
    )


def _kept(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(make(), encoding="ascii")
        fresh.rename(path)
    return path.read_text(encoding="ascii")


def _new_session_key() -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


def _new_file_key() -> str:
    return f"1:{base64.b64encode(secrets.token_bytes(32)).decode('ascii')}"


def _public_half(private: str) -> str:
    key = load_pem_private_key(private.encode("ascii"), None).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
