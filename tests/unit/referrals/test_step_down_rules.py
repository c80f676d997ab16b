"""From which plans an authority steps a family down, and which papers it wants."""

from dataclasses import replace
from typing import Any

import pytest

from services.referrals.pages.ask_forms import form_of
from services.referrals.rules.step_down import missing_papers, step_down_faults
from shared.authority import StepDownRules, load_profile
from shared.web.fields import Choice

GLOUCESTERSHIRE = load_profile("gloucestershire").newest
NOT_STRAIGHT_FROM_PROTECTION = StepDownRules(from_plans=("child_in_need",), papers=("plan",))


def _faults(rules: StepDownRules, *, from_plan: str = "child_in_need", papers: tuple[str, ...] = ("plan",)) -> Any:
    step_down = {"from_plan": from_plan, "papers": [{"kind": kind} for kind in papers]}
    return list(step_down_faults({"step_down": step_down}, rules))


def test_a_plan_from_which_the_authority_does_not_step_down_is_refused_at_its_field() -> None:
    [(path, message)] = _faults(NOT_STRAIGHT_FROM_PROTECTION, from_plan="child_protection")
    assert path == ("step_down", "from_plan")
    assert message == "A family is stepped down here from a child in need plan, not from a child protection plan"
    assert _faults(NOT_STRAIGHT_FROM_PROTECTION) == []


@pytest.mark.parametrize("from_plan", ["child_in_need", "child_protection", "looked_after", "single_assessment"])
def test_gloucestershire_steps_down_from_each_of_them_with_assessment_and_plan(from_plan: str) -> None:
    rules = GLOUCESTERSHIRE.step_down
    assert _faults(rules, from_plan=from_plan, papers=("plan", "single_assessment")) == []
    assert _faults(rules, from_plan=from_plan) == [(("step_down", "papers"), "Add the single assessment")]


def test_a_request_that_is_no_step_down_has_nothing_wrong_with_it() -> None:
    assert list(step_down_faults({"step_down": None}, GLOUCESTERSHIRE.step_down)) == []


def test_only_the_papers_that_the_authority_wants_are_missing() -> None:
    assert missing_papers(["review_minutes"], NOT_STRAIGHT_FROM_PROTECTION) == ["the plan"]
    assert missing_papers([], StepDownRules(("child_in_need",), ())) == []


def test_the_page_offers_only_plans_from_which_the_authority_steps_down() -> None:
    form = form_of(
        "step_down", {}, authority=replace(GLOUCESTERSHIRE, step_down=NOT_STRAIGHT_FROM_PROTECTION), person=None
    )
    offered = form.fields["from_plan"]
    assert isinstance(offered, Choice)
    assert list(offered.choices) == ["child_in_need"]
