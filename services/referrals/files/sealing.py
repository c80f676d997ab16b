"""AES-256-GCM around each file: a nonce of its own, bound to the request and the attachment that it belongs to."""

import os
from collections.abc import Sequence
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_FORM = b"\x01"
_NONCE = 12


class CannotOpen(Exception):
    """A file cannot be opened: its key is not there, or it is not what was sealed for this request."""


class Sealer:
    """Seals with the first key, opens with the one that a file was sealed with: so keys can change."""

    def __init__(self, keys: Sequence[tuple[str, bytes]]) -> None:
        self._keys = {key_id: AESGCM(key) for key_id, key in keys}
        self.key_id = keys[0][0]

    def seal(self, content: bytes, request_id: UUID, attachment_id: UUID) -> bytes:
        """Return a file sealed with the first key."""
        nonce = os.urandom(_NONCE)
        return _FORM + nonce + self._keys[self.key_id].encrypt(nonce, content, _bound_to(request_id, attachment_id))

    def open(self, sealed: bytes, key_id: str, request_id: UUID, attachment_id: UUID) -> bytes:
        """Return what was sealed; raises CannotOpen."""
        if key_id not in self._keys:
            raise CannotOpen(f"there is no key {key_id}")
        form, nonce, rest = sealed[:1], sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            if form != _FORM:
                raise CannotOpen("it is not sealed in a form that is known here")
            return self._keys[key_id].decrypt(nonce, rest, _bound_to(request_id, attachment_id))
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("it was changed, or sealed for another request") from error


def _bound_to(request_id: UUID, attachment_id: UUID) -> bytes:
    return request_id.bytes + attachment_id.bytes
