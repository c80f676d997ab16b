"""The questions about a family's agreement to an agency, on the form on which the agency accepts."""

from collections.abc import Mapping
from typing import Any

from services.panel.rules.agreement import HOW, Agreement
from shared.web.fields import Choice, Choices, Day


def agreement_fields(people: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields that ask who of the family agreed, how, and when."""
    return {
        "agreed_by": Choices("Who of the family agreed", people, fewest=1),
        "agreed_how": Choice("How they agreed", HOW, required=True),
        "agreed_on": Day("Date when they agreed", required=True, past=True),
    }


def agreement_in(values: Mapping[str, Any]) -> Agreement | None:
    """Return what a form said about the family's agreement; None where it was not asked."""
    if "agreed_by" not in values:
        return None
    return Agreement(tuple(values["agreed_by"]), values["agreed_how"], values["agreed_on"])
