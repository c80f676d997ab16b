"""The look that a starting `work` process takes at the broker: has it what the code wants?"""

from collections.abc import Sequence

import structlog

from shared.messaging.topology import Topology
from shared.operating.broker import BrokerAway
from shared.operating.comparison import what_hinders
from shared.operating.layout import layout_of

_SECONDS = 2.0

log = structlog.get_logger()


class FirstLook:
    """Compares once, as soon as the broker answers; until then whoever starts goes on, and waits for it."""

    def __init__(self, service: str, topics: Sequence[str], broker_url: str, prefix: str) -> None:
        self._service = service
        self._broker_url = broker_url
        self._layout = layout_of(Topology(prefix), {service: topics})
        self.is_done = False

    def hindrance(self) -> str:
        """Return what the service cannot mend by itself, in sentences; "" when there is nothing, or not known yet."""
        if self.is_done:
            return ""
        try:
            hinders = what_hinders(self._broker_url, self._layout, seconds=_SECONDS)
        except BrokerAway as away:
            log.warning("broker_not_looked_at", service=self._service, error=str(away))
            return ""
        self.is_done = True
        says = " ".join(difference.says for difference in hinders)
        if says:
            log.error("broker_differs", service=self._service, error=says)
        return says
