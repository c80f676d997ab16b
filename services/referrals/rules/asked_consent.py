"""Whether the answers about consent in a request that is not sent yet let somebody ask for this family."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from services.referrals.rules.consent_people import Someone
from services.referrals.rules.consent_verdict import Answer, verdict
from services.referrals.rules.missing import present
from shared.authority import ConsentRules


def is_asking_agreed_to(
    document: Mapping[str, Any], names: Mapping[str, str], rules: ConsentRules, today: date
) -> bool:
    """Say whether a checked document has the agreement that the request is made, by the authority's rules."""
    answers = [
        Answer("to_ask", one["by"], one["answer"], one["how"], is_competent=bool(one["competence"]))
        for one in document["consent"]["to_ask"]
    ]
    return verdict("to_ask", list(_people(document, names)), answers, rules, today=today).is_given


def _people(document: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Someone]:
    for adult in document["adults"]:
        holds = adult["parental_responsibility"] == "yes"
        yield Someone(adult["ref"], names.get(adult["ref"], ""), is_child=False, holds_responsibility=holds)
    for child in document["children"]:
        is_born, born_on = child["expected_on"] is None, present(child["date_of_birth"], None)
        yield Someone(child["ref"], names.get(child["ref"], ""), is_child=True, is_born=is_born, born_on=born_on)
