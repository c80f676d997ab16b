"""The broker's vhost, the services' user with what it may touch, and the policies: as code, and checked.

They are sent to the management API, which refuses what is wrong. The broker's own `load_definitions` starts all
the same, with what came after the mistake missing.
"""

import base64
import hashlib
import re
import secrets
from typing import Any
from urllib.parse import unquote, urlsplit

import requests

_TIMEOUT = 10


class DefinitionsRefused(Exception):
    """The broker refused the definitions, or has others than it was sent; the text says which."""


def definitions(broker_url: str, prefix: str) -> dict[str, Any]:
    """Return what the broker must know so that the services can use it at `broker_url`."""
    user, password, vhost = _parts(broker_url)
    ours = rf"^{re.escape(prefix)}\."
    permission = {"configure": ours, "write": rf"{ours}|^amq\.default$", "read": ours}
    policy = {
        "name": "nothing-is-pushed-out",
        # What waits for a person is never dropped for what comes later: the broker refuses the later one instead.
        # Nor because a person looked at it: a look counts as a delivery, and RabbitMQ 4 drops after 20 of them.
        "pattern": rf"{ours}(unrouted|.+\.dlq)$",
        "apply-to": "queues",
        "definition": {"overflow": "reject-publish", "delivery-limit": 1_000_000},
        "priority": 1,
    }
    return {
        "vhosts": [{"name": vhost}],
        "users": [_user(user, password)],
        "permissions": [{"user": user, "vhost": vhost, **permission}],
        "policies": [{"vhost": vhost, **policy}],
    }


def provide(admin_url: str, administrator: tuple[str, str], broker_url: str, prefix: str) -> None:
    """Send the definitions to the broker's management API and look whether it has them; raises DefinitionsRefused.

    Safe to repeat. The user gets the password of `broker_url`, so this is also how it is changed.
    """
    wanted = definitions(broker_url, prefix)
    sent = requests.post(f"{admin_url}/api/definitions", json=wanted, auth=administrator, timeout=_TIMEOUT)
    if not sent.ok:
        raise DefinitionsRefused(f"The broker refused the definitions: {sent.text[:500]}")
    there = requests.get(f"{admin_url}/api/definitions", auth=administrator, timeout=_TIMEOUT).json()
    missing = [
        f"{kind}: {entry.get('name') or entry['user']}"
        for kind, entries in wanted.items()
        for entry in entries
        if not any(entry.items() <= found.items() for found in there[kind])
    ]
    if missing:
        raise DefinitionsRefused(f"The broker has not taken over {', '.join(missing)}.")


def _user(name: str, password: str) -> dict[str, Any]:
    # The broker's own form: four random bytes, then SHA-256 over them and the password.
    salt = secrets.token_bytes(4)
    hashed = base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
    return {
        "name": name,
        "password_hash": hashed,
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": [],
    }


def _parts(broker_url: str) -> tuple[str, str, str]:
    url = urlsplit(broker_url)
    return unquote(url.username or ""), unquote(url.password or ""), unquote(url.path.removeprefix("/")) or "/"
