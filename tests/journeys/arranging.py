"""Short cuts through the APIs to where a journey begins; the journeys themselves only use pages."""

from datetime import datetime
from functools import cached_property
from typing import Any

from services.demo.cast import Cast
from services.embedded.client import Client
from services.embedded.run import sign_in_administrator
from services.embedded.samples import WRITTEN_ON, sample_requests
from services.embedded.together import Together
from services.embedded.waiting import wait_until_nothing_is_on_its_way, wait_until_the_clocks_show

_REASON = "Several needs and no one service that clearly leads."


class Arranged:
    """A system filled with its samples on the day for which they were written."""

    def __init__(self, system: Together) -> None:
        self.system = system
        self.url = system.options.url
        self.cast = Cast(self.url, system.options.authority)
        self.documents = dict(sample_requests(system.options.authority, WRITTEN_ON))
        self._portal = Client(self.url, system.keys.portal)

    def sent(self, name: str) -> dict[str, str]:
        """Return `request_id` and `reference` of a sample request: sending it again makes no second one."""
        return dict(self._portal.post("referrals", "/requests", self.documents[name], idempotency_key=f"sample-{name}"))

    def triage(self, name: str, outcome: str, **more: Any) -> dict[str, str]:
        """Decide about a sample request at the front door; return what `sent` does."""
        sent = self.sent(name)
        choice = {"outcome": outcome, "reason": _REASON, "level": {"number": 3}, **more}
        self.cast["front-door"].post("referrals", f"/requests/{sent['request_id']}/triage", choice)
        return sent

    def to_panel(self, *names: str) -> list[str]:
        """Send sample requests to the allocation panel; return their references once they are in its queue."""
        references = [self.triage(name, "panel", panel_key="ehap")["reference"] for name in names]
        wait_until_nothing_is_on_its_way(self.url)
        return references

    def to_service(self, name: str, service: str) -> dict[str, str]:
        """Send a sample request straight to a service; return what `sent` does once it is offered there."""
        sent = self.triage(name, "service", service_id=self.services[service]["id"])
        wait_until_nothing_is_on_its_way(self.url)
        return sent

    def accept(self, manager: str, lead: str, reference: str) -> str:
        """Let an agency accept an offer and name who leads; return the plan's id."""
        offered = self.cast[manager].get("panel", "/allocations", state="offered")["allocations"]
        allocation = next(one["allocation_id"] for one in offered if one["reference"] == reference)
        found = self.cast[manager].get("panel", f"/allocations/{allocation}")
        agreed = {"by": [found["may_agree"][0]["ref"]], "how": "verbal", "on": "2026-11-02"}
        named = {"practitioner_id": self.cast[lead].person_id, "family_agreement": agreed}
        plan = self.cast[manager].post("panel", f"/allocations/{allocation}/acceptance", named)
        wait_until_nothing_is_on_its_way(self.url)
        return str(plan["plan_id"])

    def first_meeting(self, panel: str = "ehap") -> dict[str, Any]:
        """Return the panel's next meeting that has families on its agenda."""
        meetings = self.administrator.get("panel", "/meetings", **{"from": "2026-11-02", "to": "2026-12-02"})
        return min(
            (one for one in meetings["meetings"] if one["panel"] == panel and one["families"]),
            key=lambda one: str(one["starts_at"]),
        )

    def move_clock_to(self, instant: datetime) -> None:
        """Move the training clock on and wait until everything that fell due has happened."""
        self.administrator.post("directory", "/clock", {"moves_to": instant.isoformat()})
        wait_until_the_clocks_show(self.url, instant)
        wait_until_nothing_is_on_its_way(self.url)

    @cached_property
    def administrator(self) -> Client:
        """Return the first administrator's client."""
        return sign_in_administrator(self.system)

    @cached_property
    def services(self) -> dict[str, dict[str, Any]]:
        """Return what the agencies offer, by name."""
        page = self.cast["front-door"].get("directory", "/services", per_page=100)
        return {service["name"]: service for service in page["contents"]}
