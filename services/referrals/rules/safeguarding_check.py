"""The question that is put when answers point to a child in danger: should this be a safeguarding referral?

A person answers it; nothing follows by itself but that the front door sees a request first whose sender said yes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from services.referrals.rules.choices import FAMILY_SOURCES
from services.referrals.rules.safeguarding_signs import WORDS, Sign, signs_of

STEP = "safeguarding"
SAID = {"yes": "Yes", "no": "No"}
NOT_ASKED = "not_asked"
WHY_NOT_NEEDED = "Say in one sentence why this is not a safeguarding referral"

Content = Mapping[str, Any]
Fault = tuple[tuple[str | int, ...], str]


def signs_asked_about(content: Content) -> tuple[Sign, ...]:
    """Return what in the answers of a draft points to danger.

    Nothing does in a step-down: social care itself writes of what was, and has decided that it is over.
    """
    if content.get("about", {}).get("kind") == "step_down":
        return ()
    return signs_of({**content.get("story", {}), **content}, content.get("needs", {}).get("needs", []))


def is_answered(content: Content) -> bool:
    """Say whether the question need not be put again: they said yes, or said no to all that is there now."""
    said = content.get(STEP, {})
    if said.get("answer") == "yes":
        return True
    return said.get("answer") == "no" and set(signs_asked_about(content)) <= {Sign(**one) for one in said["signs"]}


def answered(answer: str, why_not: str, signs: tuple[Sign, ...]) -> dict[str, Any]:
    """Return how a draft keeps the answer, with the signs that it is about."""
    return {"answer": answer, "why_not": why_not, "signs": [sign.as_kept() for sign in signs]}


def said_in(content: Content) -> dict[str, str] | None:
    """Return the answer as a request document says it, or None when the question was not put."""
    said = content.get(STEP)
    return {"answer": said["answer"], "why_not": said["why_not"]} if said else None


def check_of(document: Content) -> dict[str, Any] | None:
    """Return what is kept of the check with a request, or None when there was nothing to ask and nothing was said."""
    said = document["safeguarding"] or {"answer": NOT_ASKED, "why_not": ""}
    signs = () if document["kind"] == "step_down" else signs_of(document, document["needs"])
    if not signs and said["answer"] == NOT_ASKED:
        return None
    return said | {"signs": [sign.as_kept() for sign in signs], "words_version": WORDS.version}


def check_faults(document: Content) -> Iterator[Fault]:
    """Yield what is wrong with the answer: a professional who says no says why."""
    said = document["safeguarding"]
    is_family = document["referrer"]["source"] in FAMILY_SOURCES
    if said and said["answer"] == "no" and not said["why_not"] and not is_family:
        yield ("safeguarding", "why_not"), WHY_NOT_NEEDED
