"""What must be right about a person before they are in the directory."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from shared.errors import Invalid
from shared.identity import ROLES

ROLE_NAMES = {
    "referrer": "Referrer",
    "front_door": "Front-door worker",
    "front_door_manager": "Front-door manager",
    "social_worker": "Social worker",
    "coordinator": "Panel coordinator",
    "panel_member": "Chair or panel member",
    "agency_manager": "Agency manager",
    "lead_practitioner": "Lead practitioner",
    "information_officer": "Information officer",
    "administrator": "Administrator",
}
"""Every role as people say it."""

_MAIN_FIRST = (
    "administrator",
    "front_door",
    "front_door_manager",
    "coordinator",
    "social_worker",
    "agency_manager",
    "panel_member",
    "lead_practitioner",
    "information_officer",
    "referrer",
)

NEED_AN_AGENCY = ("agency_manager", "lead_practitioner")


@dataclass(frozen=True)
class PersonDetails:
    """What an administrator says about a person."""

    name: str
    job_title: str
    email: str
    mobile: str
    agency_id: UUID | None
    roles: tuple[str, ...]
    locality: str = ""
    is_active: bool = True


def in_order(roles: Collection[str]) -> list[str]:
    """Return the roles in the order of the directory, each once."""
    return [role for role in ROLES if role in roles]


def main_role(roles: Collection[str]) -> str:
    """Return the role that a person with several is best known by: a social worker may refer, but is a social worker."""
    return next((role for role in _MAIN_FIRST if role in roles), "")


def check_details(details: PersonDetails, *, localities: Collection[str], agency_field: str = "agency_id") -> None:
    """Raise Invalid, naming the field, when the details do not fit together."""
    if details.locality and details.locality not in localities:
        raise Invalid("There is no such locality.", {"locality": ["Select a locality of this authority"]})
    lacking = [ROLE_NAMES[role] for role in NEED_AN_AGENCY if role in details.roles]
    if lacking and details.agency_id is None:
        message = f"Select an agency: somebody who is {' and '.join(lacking).lower()} belongs to one"
        raise Invalid(message, {agency_field: [message]})
