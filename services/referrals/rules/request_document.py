"""What must hold between the parts of a request document, once each part by itself is right.

Every check yields `(path, message)`; the path leads to the field, as ("children", 0, "expected_on").
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from services.referrals.rules.answer_faults import consent_faults
from services.referrals.rules.choices import FAMILY_SOURCES

LONGEST_PREGNANCY = timedelta(weeks=40)

Fault = tuple[tuple[str | int, ...], str]
Document = Mapping[str, Any]


def faults_of(
    document: Document, *, today: date, localities: Collection[str], more: Iterable[Fault] = ()
) -> dict[str, Any]:
    """Return what is wrong between the parts, and `more`, nested like the document; empty when nothing is."""
    nested: dict[str, Any] = {}
    for path, message in (*_faults(document, today, localities), *more):
        _put(nested, path, message)
    return nested


def _faults(document: Document, today: date, localities: Collection[str]) -> Iterator[Fault]:
    yield from _locality_faults(document, localities)
    yield from _referrer_faults(document["referrer"])
    yield from _ref_faults(document)
    for number, child in enumerate(document["children"]):
        for path, message in child_faults(child, today):
            yield ("children", number, *path), message
    for number, address in enumerate(document["addresses"]):
        for path, message in address_faults(address):
            yield ("addresses", number, *path), message
    for path, message in consent_faults(document):
        yield ("consent", *path), message
    yield from _step_down_faults(document)


def _locality_faults(document: Document, localities: Collection[str]) -> Iterator[Fault]:
    locality = document["locality"]
    if localities and locality not in localities:
        yield ("locality",), "Select the locality where the family lives"
    if not localities and locality:
        yield ("locality",), "Leave out the locality: this authority has none"


def _referrer_faults(referrer: Document) -> Iterator[Fault]:
    if not referrer["email"] and not referrer["phone"]:
        yield ("referrer", "email"), "Enter an e-mail address or a telephone number, so that we can answer"
    is_family = referrer["source"] in FAMILY_SOURCES
    for name in ("role", "organisation"):
        if is_family and referrer[name]:
            yield ("referrer", name), f"Leave out the {name}: the family itself is asking"
        if not is_family and not referrer[name] and referrer["source"] not in ("1B", "1D", "9", "10"):
            yield ("referrer", name), f"Enter your {name}"


def _ref_faults(document: Document) -> Iterator[Fault]:
    homes = [address["ref"] for address in document["addresses"]]
    people = [person["ref"] for person in (*document["children"], *document["adults"])]
    yield from _repeated("addresses", homes)
    yield from _repeated("children", people[: len(document["children"])])
    for number, adult in enumerate(document["adults"]):
        if people.count(adult["ref"]) > 1:
            yield ("adults", number, "ref"), "This ref is used twice"
    for group in ("children", "adults"):
        for number, person in enumerate(document[group]):
            for place, ref in enumerate(person["lives_at"]):
                if ref not in homes:
                    yield (group, number, "lives_at", place), "There is no address with this ref"
    if document["contact"]["adult"] not in [adult["ref"] for adult in document["adults"]]:
        yield ("contact", "adult"), "There is no adult with this ref"


def _repeated(group: str, refs: Sequence[str]) -> Iterator[Fault]:
    for number, ref in enumerate(refs):
        if ref in refs[:number]:
            yield (group, number, "ref"), "This ref is used twice"


def address_faults(address: Document) -> Iterator[Fault]:
    """Yield what does not fit within one address."""
    if address["from_on"] and address["to_on"] and address["to_on"] < address["from_on"]:
        yield ("to_on",), "The end date must not be before the start date"


def child_faults(child: Document, today: date) -> Iterator[Fault]:
    """Yield what does not fit within one child."""
    born, expected = child["date_of_birth"], child["expected_on"]
    for part, called in (("given_name", "first name"), ("family_name", "last name")):
        if not expected and not child[part]:
            yield (part,), f"Enter {called}"
    if not born and not expected:
        yield ("date_of_birth",), "Enter a date of birth, or the date when the baby is expected"
    if born and expected:
        yield ("expected_on",), "Give either a date of birth or the date when the baby is expected, not both"
    if expected and not today <= expected <= today + LONGEST_PREGNANCY:
        yield ("expected_on",), "The date when the baby is expected must be within the next 40 weeks"
    if expected and child["sex"] != "U":
        yield ("sex",), "The sex of a child not yet born is U"
    if "NONE" in child["disabilities"] and len(child["disabilities"]) > 1:
        yield ("disabilities",), "Select either no disability or the disabilities, not both"


def _step_down_faults(document: Document) -> Iterator[Fault]:
    step_down = document["step_down"]
    if document["kind"] != "step_down":
        if step_down:
            yield ("step_down",), "Leave out the step-down: this is a request"
        return
    if not step_down:
        yield ("step_down",), "Enter the details of the step-down"


def _put(nested: dict[Any, Any], path: tuple[str | int, ...], message: str) -> None:
    for step in path[:-1]:
        nested = nested.setdefault(step, {})
        if not isinstance(nested, dict):
            return
    nested.setdefault(path[-1], [])
    if isinstance(nested[path[-1]], list):
        nested[path[-1]].append(message)
