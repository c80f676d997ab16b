"""What the people of the story decide: as `story.json` says, else what a sensible colleague would."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.embedded.samples import SAMPLES

_FIRST_CONTACT_IN_DAYS = 10
_INFORMATION_IN_DAYS = 10
_NEXT_REVIEW_IN_DAYS = 42


@dataclass(frozen=True)
class Offer:
    """A service that could take a family on."""

    service_id: str
    name: str
    agency_id: str
    agency_name: str
    needs: tuple[str, ...]
    from_age: float
    to_age: float

    def suits(self, ages: Sequence[float]) -> bool:
        """Say whether the service is for one of these ages at least, in years."""
        return any(self.from_age <= age <= self.to_age for age in ages)


class Choices:
    """The decisions of an authority's story, by the names of the sample requests."""

    def __init__(self, authority: str, offers: Sequence[Offer]) -> None:
        told = json.loads((SAMPLES / authority / "story.json").read_text(encoding="utf-8"))
        self._triage: Mapping[str, Any] = told["triage"]
        self._decisions: Mapping[str, Any] = told["decisions"]
        self._declines: Mapping[str, Any] = told["declines"]
        self.once_there_are_plans: Sequence[str] = told["once_there_are_plans"]
        self._offers = offers

    def triage(self, name: str, found: Mapping[str, Any]) -> dict[str, Any]:
        """Return the front door's decision about a request, as the triage API takes it."""
        told = dict(self._triage.get(name, {}))
        if found["open_plans"]:
            reason = "There is an open plan. This goes to the person who leads it."
            return {"outcome": "add_to_plan", "reason": reason, "plan_id": found["open_plans"][0]["plan_id"]}
        level = {"number": told.pop("level", 3)}
        if "service" in told:
            offer = self.offer_named(told.pop("service"))
            told |= {"service_id": offer.service_id, "agency_id": offer.agency_id}
        if "outcome" not in told:
            told |= {"outcome": "panel", "panel_key": found["panels"][0]["key"]}
            told.setdefault("reason", "Several needs and no one service that clearly leads. For the meeting.")
        return told | {"level": level}

    def decision(self, name: str, paper: Mapping[str, Any], today: date) -> dict[str, Any]:
        """Return a meeting's decision about a family, as the decision API takes it."""
        told = dict(self._decisions.get(name, {}))
        outcome = told.pop("outcome", "allocate")
        reasons = told.pop("reasons", "This service meets the need that matters most to the family now.")
        return {"outcome": outcome, "reasons": reasons} | self._details(outcome, told, paper, today)

    def decline(self, name: str) -> dict[str, str] | None:
        """Return why an agency declines a family, or None when it accepts."""
        return self._declines.get(name)

    def offer_named(self, name: str) -> Offer:
        """Return the service with this name; raises StopIteration when the directory has none."""
        return next(offer for offer in self._offers if offer.name == name)

    def _details(self, outcome: str, told: dict[str, Any], paper: Mapping[str, Any], today: date) -> dict[str, Any]:
        needs = [str(need) for need in paper["needs"]]
        if outcome == "allocate":
            offer = self.offer_named(told["service"]) if "service" in told else self._best(paper)
            first_contact_by_on = (today + timedelta(days=_FIRST_CONTACT_IN_DAYS)).isoformat()
            return {"service_id": offer.service_id, "needs": needs, "first_contact_by_on": first_contact_by_on}
        if outcome == "recommend":
            return {"service": told["service"], "referred_by": "The school", "family_agreed": True}
        if outcome == "plan_advice":
            review_on = today + timedelta(days=_NEXT_REVIEW_IN_DAYS)
            action = {
                "what": "Hand over the plan to the school and say so to the family",
                "agency_id": self._best(paper).agency_id,
                "due_on": (today + timedelta(days=_INFORMATION_IN_DAYS)).isoformat(),
            }
            return {"lead": "The last county's worker", "review_on": review_on.isoformat(), "actions": [action]}
        by_on = (today + timedelta(days=_INFORMATION_IN_DAYS)).isoformat()
        return {
            "what": "What the reasons say",
            "from_whom": "The referrer",
            "by_on": by_on,
            "clock_paused": True,
            "told_by": "The referrer",
        }

    def _best(self, paper: Mapping[str, Any]) -> Offer:
        allowed = [offer for offer in self._offers if offer.agency_name not in paper["not_with"] and offer.needs]
        suiting = [offer for offer in allowed if offer.suits(paper["ages"])] or allowed
        needs = set(paper["needs"])
        # Of two services that meet as many of the needs, the one that does less besides knows more about them.
        return max(suiting, key=lambda offer: (len(needs.intersection(offer.needs)), -len(offer.needs), offer.name))
