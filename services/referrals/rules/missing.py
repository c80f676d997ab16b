"""Five ways of not having an answer: four that are said, and the empty answer, which says nothing."""

from collections.abc import Mapping
from typing import Any

WHY = {
    "not_known": "Not known",
    "refused": "They did not want to say",
    "not_yet_obtained": "Not yet found out",
    "not_asked": "Not asked",
}
WHY_FOR_FAMILIES = {"not_known": "I do not know", "refused": "I would rather not say"}
"""What the family itself may say of its own answers: nobody else asks it."""

_ETHNICITY = {"refused": "REFU", "not_yet_obtained": "NOBT", "not_known": "NOBT", "not_asked": "NOBT"}
"""The national code set has two of the four; the other two are not yet obtained to it."""


def missing(code: str) -> dict[str, str]:
    """Return how a document says that there is no answer, and why."""
    return {"missing": code}


def why_missing(answer: Any) -> str:
    """Return why there is no answer, or `` where there is one and where nothing was said."""
    return str(answer["missing"]) if isinstance(answer, Mapping) and "missing" in answer else ""


def present(answer: Any, empty: Any) -> Any:
    """Return the answer, or `empty` where it is missing."""
    return empty if why_missing(answer) else answer


def all_missing(answers: Mapping[str, Any]) -> dict[str, str]:
    """Return which answers are missing, each with why."""
    return {name: why for name, answer in answers.items() if (why := why_missing(answer))}


def national_ethnicity(answer: Any) -> str:
    """Return the national code of an ethnic group, also where none is given."""
    why = why_missing(answer)
    return _ETHNICITY[why] if why else str(answer)


def answered_ethnicity(answer: Any) -> Any:
    """Return the answer behind a national code: two of the codes say that there is none."""
    by_code = {"REFU": missing("refused"), "NOBT": missing("not_yet_obtained")}
    return by_code.get(answer, answer) if isinstance(answer, str) else answer
