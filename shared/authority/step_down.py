"""From which plans of social care an authority steps families down, and with which papers."""

from collections.abc import Iterator
from dataclasses import dataclass

FROM_PLANS = {
    "child_in_need": "Child in need plan",
    "child_protection": "Child protection plan",
    "looked_after": "Child looked after",
    "single_assessment": "Single assessment",
}
"""What may end when a family is stepped down, with the words for it."""

PAPER_KINDS = {
    "single_assessment": "Single assessment",
    "plan": "Plan",
    "review_minutes": "Minutes of a review",
    "other": "Other paper",
}
"""The kinds of papers of a step-down, with the words for them."""


@dataclass(frozen=True)
class StepDownRules:
    """From which plans a family is stepped down, and which kinds of papers have to come with it."""

    from_plans: tuple[str, ...]
    papers: tuple[str, ...]

    @property
    def plans_to_choose(self) -> dict[str, str]:
        """Return the plans from which a family is stepped down, with the words for them."""
        return {code: FROM_PLANS[code] for code in self.from_plans}

    @property
    def papers_wanted(self) -> str:
        """Return the papers as a sentence names them: `the single assessment and the plan`, or `no paper`."""
        *first, last = [paper_in_words(kind) for kind in self.papers] or ["no paper"]
        return f"{', '.join(first)} and {last}" if first else last


def paper_in_words(kind: str) -> str:
    """Return a kind of paper as a sentence names it: `the single assessment`."""
    return f"the {PAPER_KINDS[kind][0].lower()}{PAPER_KINDS[kind][1:]}"


def wrong_in_step_down(rules: StepDownRules) -> Iterator[str]:
    """Yield what is wrong in the rules beyond their types."""
    if not rules.from_plans:
        yield "step_down: from_plans: there is nothing to step down from"
    for name, codes, known in (("from_plans", rules.from_plans, FROM_PLANS), ("papers", rules.papers, PAPER_KINDS)):
        for code in codes:
            if code not in known:
                yield f"step_down: {name} is {' or '.join(known)}, not {code!r}"
            if codes.count(code) > 1:
                yield f"step_down: {name}: {code} stands there {codes.count(code)} times"


def step_down_in_words(rules: StepDownRules) -> dict[str, str]:
    """Return the rules in words, each by its name."""
    papers = rules.papers_wanted
    return {"From": "; ".join(rules.plans_to_choose.values()), "Papers": papers[0].upper() + papers[1:]}
