"""The header with which a program says that what it sends is the same as before."""

from typing import Any

from flask import request

from shared.errors import Invalid

_LONGEST_KEY = 200


def takes_idempotency_key(what: str) -> dict[str, Any]:
    """Return what the document of a route says of the header; `what` is made once with the same key."""
    return {
        "parameters": [
            {
                "in": "header",
                "name": "Idempotency-Key",
                "required": True,
                "description": f"The same key with the same body gives the same {what}, with another body 409",
                "schema": {"type": "string", "minLength": 1, "maxLength": _LONGEST_KEY},
            }
        ]
    }


def idempotency_key() -> str:
    """Return the key of this request; raises Invalid."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > _LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Invalid(f"Send an Idempotency-Key header of 1 to {_LONGEST_KEY} printable ASCII characters.")
    return key
