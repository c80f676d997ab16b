"""A family is asked again when an agency joins: whether it is, and what must be known of its answer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.agencies import is_named
from shared.errors import Conflict, Invalid

HOW = {"signed": "Signed", "verbal": "Said so", "online": "Online"}


class PaperAwaited(Conflict):
    """Whether the family agreed to an agency is not known yet: its paper is still being fetched."""


@dataclass(frozen=True)
class Agreement:
    """Who of a family agreed to an agency, by their refs within the request, how, and on which London date."""

    by: tuple[str, ...]
    how: str
    on: date


def needs_agreement(content: Mapping[str, Any] | None, agencies: Collection[str], new_agency: str) -> bool:
    """Say whether a family must agree to an agency of these names before it accepts, by the authority's rule.

    Where a request goes on without consent for a child's safety nobody is asked. While no paper is there, nobody
    knows; the answer is yes.
    """
    if new_agency == "never":
        return False
    consent = (content or {}).get("consent") or {}
    if consent.get("overridden"):
        return False
    named = consent.get("named") or []
    if new_agency == "if_others_named" and content is not None and not named:
        return False
    return not any(is_named(agency, named) for agency in agencies)


def people_who_may_agree(content: Mapping[str, Any] | None) -> dict[str, str]:
    """Return who of a family may agree to an agency, by ref with how they are called."""
    consent = (content or {}).get("consent") or {}
    return {str(one["ref"]): str(one["name"]) for one in consent.get("may_agree") or []}


def check_agreement(
    agreement: Agreement | None, content: Mapping[str, Any] | None, *, is_needed: bool, today: date
) -> None:
    """Refuse an acceptance without the family's agreement to the agency; raises Invalid, PaperAwaited."""
    if not is_needed:
        return
    if content is None:
        raise PaperAwaited("The family's paper is still being fetched. Try again in a minute.")
    errors = _errors(agreement, list(people_who_may_agree(content)), today)
    if errors:
        raise Invalid(next(iter(errors.values())), errors)


def _errors(agreement: Agreement | None, may_agree: Sequence[str], today: date) -> dict[str, str]:
    if agreement is None or not agreement.by:
        return {"agreed_by": "Say who of the family agreed to your agency"}
    errors = {}
    if not set(agreement.by) <= set(may_agree):
        errors["agreed_by"] = "Select people of the family"
    if agreement.how not in HOW:
        errors["agreed_how"] = "Say how they agreed"
    if agreement.on > today:
        errors["agreed_on"] = "The date when they agreed must be today or in the past"
    return errors
