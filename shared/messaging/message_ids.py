"""Ids of messages that sort by when they were made, so that new ones stand together in an index of millions of old ones.

Source: RFC 9562, section 5.7 (UUID version 7).
"""

import secrets
import time
from uuid import UUID

_VERSION, _VARIANT = 7 << 76, 0b10 << 62


def new_message_id() -> UUID:
    """Return an id that nobody else has; of two made in different milliseconds the later is the greater."""
    milliseconds = time.time_ns() // 1_000_000
    return UUID(int=milliseconds << 80 | _VERSION | secrets.randbits(12) << 64 | _VARIANT | secrets.randbits(62))
