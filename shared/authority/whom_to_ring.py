"""Whom a message or a letter says to ring."""

from collections.abc import Sequence

from shared.authority.authority import Contact


def contacts_for(contacts: Sequence[Contact], locality_name: str) -> tuple[Contact, ...]:
    """Return the contacts of a locality, or all of them when the locality is not known or has none of its own."""
    own = tuple(contact for contact in contacts if locality_name and contact.name.startswith(locality_name))
    return own or tuple(contacts)
