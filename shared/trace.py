"""What belongs together: from a browser's request, over every message, to the last handler.

Source: W3C Trace Context, section 3.2 (`traceparent`), as CloudEvents carries it in its distributed tracing extension.
"""

import re
import secrets

_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def continued(traceparent: object) -> str:
    """Return the next step of the trace that `traceparent` names, or the first of a new one when it names none."""
    given = _TRACEPARENT.fullmatch(traceparent) if isinstance(traceparent, str) else None
    trace = given[1] if given else secrets.token_hex(16)
    return f"00-{trace}-{secrets.token_hex(8)}-01"
