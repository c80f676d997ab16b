"""How often somebody may try to sign in, and where they may be sent afterwards."""

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

WINDOW = timedelta(minutes=15)
MOST_FAILURES_OF_AN_ACCOUNT = 5
MOST_FAILURES_FROM_AN_ADDRESS = 40
"""More than of one account: a whole school or council may come from one address."""

_LONGEST_PATH = 2000


def may_try_again_at(failures: Sequence[datetime], most: int, *, now: datetime) -> datetime | None:
    """Return when the next try is allowed, or None when it is allowed now.

    At most `most` failures fit in any WINDOW; the next try is allowed when the oldest of the newest `most` leaves it.
    """
    recent = sorted(at for at in failures if at > now - WINDOW)
    return recent[-most] + WINDOW if len(recent) >= most else None


def minutes_until(instant: datetime, *, now: datetime) -> int:
    """Return the whole minutes to wait, at least one."""
    return max(1, -int((now - instant).total_seconds() // 60))


def network_of(address: str) -> str:
    """Return what an address is counted by: itself, or for IPv6 its /64, which one household or attacker has whole."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed), 64), strict=False))
    return str(parsed)


def local_path(wanted: str, *, otherwise: str) -> str:
    """Return `wanted` when it is a path on this site, else `otherwise`; a sign-in never sends anybody elsewhere."""
    is_plain = len(wanted) <= _LONGEST_PATH and wanted.isprintable() and "\\" not in wanted
    if not is_plain or not wanted.startswith("/") or wanted.startswith("//"):
        return otherwise
    parts = urlsplit(wanted)
    return otherwise if parts.scheme or parts.netloc else wanted
