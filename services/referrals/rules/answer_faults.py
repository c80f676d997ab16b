"""What must hold within and between the answers about consent, once each field by itself is right."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from services.referrals.rules.consent_choices import KINDS

Fault = tuple[tuple[str | int, ...], str]
Document = Mapping[str, Any]


def consent_faults(document: Document) -> Iterator[Fault]:
    """Yield what is wrong with the answers of a document; paths lead from its `consent`."""
    children = {child["ref"] for child in document["children"] if not child.get("expected_on")}
    people = children | {adult["ref"] for adult in document["adults"]}
    for kind in KINDS:
        answers = document["consent"][kind]
        by = [answer["by"] for answer in answers]
        for place, answer in enumerate(answers):
            if answer["by"] in by[:place]:
                yield (kind, place, "by"), "This person has answered this question already"
            for path, message in answer_faults(answer, people, children):
                yield (kind, place, *path), message


def answer_faults(answer: Document, people: Collection[str], children: Collection[str]) -> Iterator[Fault]:
    """Yield what is wrong with one answer; `people` are the refs of who can answer: adults, and children who are born."""
    if answer["by"] not in people:
        yield ("by",), "There is no child, already born, or adult with this ref"
    if answer["competence"] and answer["by"] not in children:
        yield ("competence",), "Only a child is judged competent"
    if answer["answer"] == "not_asked":
        return
    needed = [("on", "Enter the date when they answered"), ("obtained_by", "Enter the name of who asked them")]
    if answer["answer"] == "given":
        needed.insert(0, ("how", "Say how they agreed"))
    for name, message in needed:
        if not answer[name]:
            yield (name,), message
