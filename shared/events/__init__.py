"""The contracts: every event that a service announces, one module (or room of modules) per announcing service.

Events carry facts and ids. Never a name of a person, an address or a note: the broker is no place for them.
Add a field only with a default; any other change is a `.v2` beside the `.v1`.
"""

from shared.events import directory, notifications, panel, referrals

__all__ = ["directory", "notifications", "panel", "referrals"]
