"""What a step-down has to be by the authority's rules."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from shared.authority import FROM_PLANS, StepDownRules, paper_in_words


def step_down_faults(document: Mapping[str, Any], rules: StepDownRules) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield what the authority does not take in a step-down, each with the path of its field."""
    step_down = document["step_down"]
    if not step_down:
        return
    if step_down["from_plan"] not in rules.from_plans:
        taken, given = " or ".join(map(_a_plan, rules.from_plans)), _a_plan(step_down["from_plan"])
        yield ("step_down", "from_plan"), f"A family is stepped down here from {taken}, not from {given}"
    for paper in missing_papers([paper["kind"] for paper in step_down["papers"]], rules):
        yield ("step_down", "papers"), f"Add {paper}"


def missing_papers(given: Collection[str], rules: StepDownRules) -> list[str]:
    """Return the papers that have to come with a step-down and did not, as a sentence names them."""
    return [paper_in_words(kind) for kind in rules.papers if kind not in given]


def _a_plan(code: str) -> str:
    label = FROM_PLANS[code]
    return f"a {label[0].lower()}{label[1:]}"
