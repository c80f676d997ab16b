"""When a family is asked again about an agency, by the authority's rule."""

from typing import Any

import pytest

from services.panel.rules.agreement import needs_agreement

AGENCIES = ["Steps Forward"]


def a_paper(*named: str, overridden: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"consent": {"named": list(named), "overridden": list(overridden)}}


@pytest.mark.parametrize(
    ("new_agency", "paper", "needed"),
    [
        ("unless_named", a_paper(), True),
        ("unless_named", a_paper("Steps Forward"), False),
        ("unless_named", a_paper("Riverside"), True),
        ("unless_named", a_paper(overridden=("service",)), False),
        ("unless_named", None, True),
        ("if_others_named", a_paper(), False),
        ("if_others_named", a_paper("Riverside"), True),
        ("if_others_named", a_paper("Riverside", "steps  forward"), False),
        ("if_others_named", None, True),
        ("never", a_paper("Riverside"), False),
        ("never", None, False),
    ],
)
def test_a_family_is_asked_about_an_agency(new_agency: str, paper: dict[str, Any] | None, needed: bool) -> None:
    assert needs_agreement(paper, AGENCIES, new_agency) is needed
