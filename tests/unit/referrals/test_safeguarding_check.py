"""When the question about safeguarding is put, and put again."""

from typing import Any

import pytest

from services.referrals.rules import journey
from services.referrals.rules.safeguarding_check import (
    answered,
    check_faults,
    check_of,
    is_answered,
    said_in,
    signs_asked_about,
)

PARENT: dict[str, Any] = {"who": {"asking": "carer"}, "story": {"worried_about": "He hits her."}}


def with_answer(content: dict[str, Any], answer: str, why_not: str = "") -> dict[str, Any]:
    return content | {"safeguarding": answered(answer, why_not, signs_asked_about(content))}


def next_step(content: dict[str, Any]) -> str:
    steps = journey.steps_for(content, has_localities=False)
    return journey.next_step(content | {"done": steps}, "", has_localities=False)


def test_the_question_is_put_only_where_something_points_to_danger() -> None:
    assert next_step(PARENT) == "safeguarding"
    assert next_step(PARENT | {"story": {"worried_about": "He sleeps badly."}}) == "check"
    assert next_step(with_answer(PARENT, "no")) == "check"


def test_it_is_put_again_when_more_is_written() -> None:
    said = with_answer(PARENT, "no")
    assert next_step(said | {"story": {"worried_about": "He hits her. She wants to die."}}) == "safeguarding"
    assert next_step(said | {"story": {"worried_about": "He hits her. She is tired."}}) == "check"


def test_whoever_said_yes_is_not_asked_again() -> None:
    said = with_answer(PARENT, "yes")
    assert is_answered(said | {"story": {"worried_about": "She wants to die."}})


def test_a_step_down_is_not_asked_about() -> None:
    content = {"about": {"kind": "step_down"}, "story": {"worried_about": "He hit her in May."}}
    assert signs_asked_about(content) == ()


def test_the_answer_goes_with_the_document_and_not_asked_is_said() -> None:
    assert said_in(PARENT) is None
    assert said_in(with_answer(PARENT, "no", "A play fight.")) == {"answer": "no", "why_not": "A play fight."}
    document: dict[str, Any] = {"kind": "request", "needs": [], "safeguarding": None, "worried_about": "He hits her."}
    kept = check_of(document)
    assert kept is not None
    assert (kept["answer"], [sign["words"] for sign in kept["signs"]]) == ("not_asked", ["hits"])
    assert check_of(document | {"worried_about": "She is tired."}) is None


@pytest.mark.parametrize(("source", "why_not", "faults"), [("2A", "", 1), ("2A", "A play fight.", 0), ("1A", "", 0)])
def test_a_professional_who_says_no_says_why(source: str, why_not: str, faults: int) -> None:
    document = {"safeguarding": {"answer": "no", "why_not": why_not}, "referrer": {"source": source}}
    assert len(list(check_faults(document))) == faults
