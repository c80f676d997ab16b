"""What triage may decide about a request, and what each decision must say."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from services.referrals.rules.stages import outcomes_allowed
from shared.agencies import is_excluded
from shared.authority import PanelProfile
from shared.errors import Conflict, Invalid

LEVEL_NEEDED = frozenset({"panel", "service", "signpost"})
MOVED_ON = "Somebody else decided about this request while you had it open."
DETAILS: Mapping[str, tuple[str, ...]] = {
    "panel": ("panel_key",),
    "service": ("service_id",),
    "signpost": ("where", "phone", "web", "opens", "service_id", "checked_on"),
    "no_further_action": ("because",),
    "safeguarding": ("told", "told_how", "told_on", "told_at", "their_reference"),
    "add_to_plan": ("plan_id",),
}
"""By outcome the parts of a choice that are kept with the decision."""

HOW_TOLD = {"phone": "By phone", "form": "With their form", "in_person": "In person", "email": "By secure e-mail"}
_PANEL_KINDS = {"request": "allocation", "step_down": "step_down"}


class MovedOn(Conflict):
    """Somebody else decided about the request since it was opened."""


class AlreadyAllocated(Conflict):
    """The request is past the point where triage may change it."""


@dataclass(frozen=True)
class Choice:
    """What a front-door worker chose; what an outcome does not need is empty."""

    outcome: str
    reason: str
    level_number: int | None = None
    panel_key: str = ""
    service_id: str = ""
    agency_id: str = ""
    plan_id: str = ""
    where: str = ""
    phone: str = ""
    web: str = ""
    opens: str = ""
    checked_on: str = ""
    what: str = ""
    because: str = ""
    told: str = ""
    told_how: str = ""
    told_on: str = ""
    told_at: str = ""
    their_reference: str = ""

    @property
    def details(self) -> dict[str, str]:
        """Return what this outcome says besides level and reason."""
        return {name: getattr(self, name) for name in DETAILS.get(self.outcome, ())}


@dataclass(frozen=True)
class ServiceOffer:
    """A service that the front door may choose, and how to reach it as the directory has it since `checked_on`."""

    service_id: str
    agency_id: str
    name: str
    agency_name: str
    is_open: bool
    phone: str = ""
    web: str = ""
    opens: str = ""
    checked_on: date | None = None


@dataclass(frozen=True)
class Standing:
    """What triage must know of a request. `refusals` are the outcomes that its consent rules out, each with why.

    `open_plans` are the family's, each with the name of the agency that leads it, `` while that is not known.
    """

    stage: str
    kind: str
    locality: str
    refusals: Mapping[str, str] = field(default_factory=dict)
    not_with: tuple[str, ...] = ()
    open_plans: Mapping[str, str] = field(default_factory=dict)

    def may_know(self, agency_name: str) -> bool:
        """Say whether the family lets this agency know; one without a name only when nobody is left out."""
        return not is_excluded(agency_name, self.not_with) if agency_name else not self.not_with


def with_details(choice: Choice, services: Mapping[str, ServiceOffer]) -> Choice:
    """Return a choice to signpost with what the directory has of the service; what was typed instead stands."""
    service = services.get(choice.service_id)
    if choice.outcome != "signpost" or service is None:
        return choice
    has_own = choice.phone or choice.web
    return replace(
        choice,
        where=choice.where or f"{service.name} ({service.agency_name})",
        phone=choice.phone if has_own else service.phone,
        web=choice.web if has_own else service.web,
        opens=choice.opens or service.opens,
        checked_on="" if has_own or service.checked_on is None else service.checked_on.isoformat(),
    )


def told_of(choice: Choice) -> dict[str, str]:
    """Return what whoever follows the request is told of the decision: where else help is, or why nothing happens."""
    return choice.details if choice.outcome in ("signpost", "no_further_action") else {}


def panels_for(panels: Sequence[PanelProfile], *, kind: str, locality: str) -> list[PanelProfile]:
    """Return the panels that hear this kind of request, those of the family's locality where there are several.

    Panels of another kind, which hear whatever is sent to them, come last.
    """
    fitting = [panel for panel in panels if panel.kind == _PANEL_KINDS[kind]]
    fitting += [panel for panel in panels if panel.kind == "other"]
    return [panel for panel in fitting if not panel.locality or panel.locality == locality]


def check_choice(
    choice: Choice,
    standing: Standing,
    *,
    panels: Sequence[PanelProfile],
    services: Mapping[str, ServiceOffer],
    levels: Collection[int],
    reasons: Collection[str],
) -> None:
    """Raise AlreadyAllocated, or Invalid with every field that does not fit this choice."""
    if choice.outcome not in outcomes_allowed(standing.stage):
        raise AlreadyAllocated(_too_late(standing.stage))
    errors: dict[str, Any] = {}
    if choice.outcome in LEVEL_NEEDED and choice.level_number is None:
        errors["level"] = "Select the level of need"
    if choice.level_number is not None and choice.level_number not in levels:
        errors["level"] = "Select a level of need that is in force"
    if choice.outcome == "no_further_action" and choice.because not in reasons:
        errors["because"] = "Select why nothing further happens"
    if refused := standing.refusals.get(choice.outcome):
        errors["outcome"] = refused
    errors |= _OWN_CHECKS.get(choice.outcome, _nothing)(choice, standing, panels, services)
    if errors:
        raise Invalid(next(iter(errors.values())), errors)


def _too_late(stage: str) -> str:
    if stage in ("offered", "with_service"):
        return "The family has been offered to a service. You can still withdraw the request or raise safeguarding."
    if stage == "accepted":
        return "A service has taken the family on. Speak to the person who leads the plan."
    return "This request is finished. A new worry needs a new request."


def _nothing(*_: Any) -> dict[str, str]:
    return {}


def _check_panel(choice: Choice, standing: Standing, panels: Sequence[PanelProfile], _: Any) -> dict[str, str]:
    fitting = panels_for(panels, kind=standing.kind, locality=standing.locality)
    if not fitting:
        return {"outcome": "No panel of this authority hears this kind of request. Choose another way."}
    if choice.panel_key not in [panel.key for panel in fitting]:
        return {"panel_key": "Select the panel that will hear this request"}
    return {}


def _check_service(choice: Choice, standing: Standing, _: Any, services: Mapping[str, ServiceOffer]) -> dict[str, str]:
    service = services.get(choice.service_id)
    if service is None:
        return {"service_id": "Select the service"}
    if choice.agency_id not in ("", service.agency_id):
        return {"agency_id": "This service is not one of this agency"}
    if not standing.may_know(service.agency_name):
        return {"service_id": f"The family does not want {service.agency_name} to know. Select another service."}
    if not service.is_open:
        return {"service_id": f"{service.name} takes no new families now. Select another service."}
    return {}


def _check_signpost(choice: Choice, standing: Standing, _: Any, services: Mapping[str, ServiceOffer]) -> dict[str, str]:
    errors = _check_service(choice, standing, _, services) if choice.service_id else {}
    if not choice.where:
        errors["where"] = "Select a service, or enter where the family was pointed to"
    if not (choice.phone or choice.web):
        has_none = " The directory has neither for this service." if choice.service_id in services else ""
        errors["phone"] = f"Enter a telephone number or a web address.{has_none}"
    return errors


def _check_hand_over(choice: Choice, *_: Any) -> dict[str, str]:
    errors = {} if choice.told else {"told": "Enter who in social care was told"}
    if choice.told_how not in HOW_TOLD:
        errors["told_how"] = "Select how they were told"
    return errors if choice.told_on else errors | {"told_on": "Enter the day when they were told"}


def _check_information(choice: Choice, *_: Any) -> dict[str, str]:
    return {} if choice.what else {"what": "Enter what you need to know"}


def _check_plan(choice: Choice, standing: Standing, *_: Any) -> dict[str, str]:
    if not standing.open_plans:
        return {"outcome": "This family has no open plan that we know of. If it is a family we know, say so first."}
    if choice.plan_id not in standing.open_plans:
        return {"plan_id": "Select the plan"}
    agency = standing.open_plans[choice.plan_id]
    if standing.may_know(agency):
        return {}
    who = agency or "an agency that is not known here yet"
    return {"plan_id": f"The plan is led by {who}, and the family does not want that. Choose another way."}


_OWN_CHECKS = {
    "panel": _check_panel,
    "service": _check_service,
    "signpost": _check_signpost,
    "more_information": _check_information,
    "ask_consent": _check_information,
    "safeguarding": _check_hand_over,
    "add_to_plan": _check_plan,
}
