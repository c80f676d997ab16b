"""What is told to whom: one function per event, a module per noun.

A handler only writes down that somebody is to be told. Who that is, by which channel, and whether they may be
written to at all is asked at the moment of sending (`sender.py`), so that an address which became unsafe a minute
ago is not used.
"""

from shared.messaging.reader import EventReader

notifications = EventReader("notifications")

# The modules put their handlers on the reader, so they can only be imported once it is there.
from services.notifications.handlers import (  # noqa: E402
    actions,
    allocations,
    amendments,
    decisions,
    directory,
    meetings,
    plans,
    queue,
    requests,
)

__all__ = [
    "actions",
    "allocations",
    "amendments",
    "decisions",
    "directory",
    "meetings",
    "notifications",
    "plans",
    "queue",
    "requests",
]
