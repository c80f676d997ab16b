"""ClamAV, asked through its daemon: a file is streamed to it, and nothing is written anywhere on the way."""

import io
from enum import Enum
from urllib.parse import urlsplit

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket

_PATIENCE = 20
"""Seconds for the whole of one answer; whoever uploads waits so long, and then the file waits instead."""


class Verdict(Enum):
    """What the scanner says, or that it says nothing."""

    CLEAN = "clean"
    INFECTED = "infected"
    SILENT = "silent"


class Scanner:
    """A clamd at `tcp://host:port` or `unix:/path`."""

    def __init__(self, at: str) -> None:
        place = urlsplit(at)
        self._clamd = (
            ClamdUnixSocket(path=place.path, timeout=_PATIENCE)
            if place.scheme == "unix"
            else ClamdNetworkSocket(host=place.hostname or "", port=place.port or 3310, timeout=_PATIENCE)
        )

    def verdict_on(self, content: bytes) -> Verdict:
        """Return what the scanner says of a file; an error of its own is no answer."""
        try:
            answers = self._clamd.instream(io.BytesIO(content))
        except (ClamdError, OSError, ValueError):
            return Verdict.SILENT
        said = {status for status, _ in answers.values()}
        if "FOUND" in said:
            return Verdict.INFECTED
        return Verdict.CLEAN if said == {"OK"} else Verdict.SILENT
