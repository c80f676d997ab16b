"""Events in, one function per event, a module per noun. Each fact has one handler in a service, whatever it changes there."""

from shared.messaging.reader import EventReader

panel = EventReader("panel")

# The modules put their handlers on the reader, so they can only be imported once it is there.
from services.panel.handlers import decisions, directory, papers, requests  # noqa: E402

__all__ = ["decisions", "directory", "panel", "papers", "requests"]
