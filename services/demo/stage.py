"""Where a story plays: a training system that runs somewhere and is reached over HTTP."""

from dataclasses import dataclass
from datetime import datetime

from services.embedded.client import Client
from services.embedded.run import sign_in_administrator
from services.embedded.together import Together
from services.embedded.waiting import clocks_of


@dataclass(frozen=True)
class Stage:
    """A running system: where it answers, whose rules it knows, and whom it lets in."""

    url: str
    authority: str
    portal_token: str
    administrator: Client

    def now(self) -> datetime:
        """Return what the training clock shows, in UTC."""
        return datetime.fromisoformat(clocks_of(self.url)["directory"]["now"])


def stage_of(together: Together) -> Stage:
    """Return the stage that a system of one process is, with a first administrator."""
    options = together.options
    return Stage(options.url, options.authority, together.keys.portal, sign_in_administrator(together))
