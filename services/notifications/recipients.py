"""Asks the owner of a recipient, at the moment of sending, where a message may go."""

from dataclasses import dataclass
from typing import Any

from services.notifications.rules.recipients import (
    Address,
    Managers,
    Nobody,
    agency_recipients,
    family_address,
    person_address,
    referrer_address,
)
from services.notifications.rules.templates import TEMPLATES
from services.notifications.tables import NoticeRow
from shared.neighbours import Neighbours


@dataclass(frozen=True)
class Found:
    """Where a message goes, and the part of the area that it is about (a locality's key, or empty)."""

    recipient: Address | Nobody | Managers
    locality: str = ""


def find_recipient(notice: NoticeRow, neighbours: Neighbours) -> Found:
    """Return where a notice goes now; raises NeighbourAway, NeighbourRefused."""
    if notice.recipient_kind == "person":
        return Found(person_address(neighbours.get("directory", f"/people/{notice.recipient_id}")))
    if notice.recipient_kind == "agency":
        return Found(agency_recipients(neighbours.get("directory", f"/agencies/{notice.recipient_id}")))
    contacts: dict[str, Any] = neighbours.get("referrals", f"/requests/{notice.recipient_id}/contacts")
    locality = contacts.get("locality") or ""
    if notice.recipient_kind == "family":
        return Found(family_address(contacts), locality)
    return Found(referrer_address(contacts, TEMPLATES[notice.template]), locality)
