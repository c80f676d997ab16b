"""Whom a message or a letter says to ring."""

from collections.abc import Sequence

from shared.authority.authority import Contact


def contacts_for(contacts: Sequence[Contact], locality_name: str, *, to_family: bool) -> tuple[Contact, ...]:
    """Return the contacts of a locality, or all of them when the locality is not known or has none of its own."""
    fitting = tuple(contact for contact in contacts if contact.for_families or not to_family)
    own = tuple(contact for contact in fitting if locality_name and contact.name.startswith(locality_name))
    return own or fitting
