"""The pages of asking for help: their order, and the document that the answers make."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.rules import journey

PARENT = {"who": {"asking": "carer"}, "done": []}
PROFESSIONAL = {"who": {"asking": "professional"}, "done": []}


def a_content() -> dict[str, Any]:
    content: dict[str, Any] = PARENT | {"contact": {"adult": "a1"}, "consent": {"by": ["a1", "c1"]}}
    content = journey.with_item(content, "children", "", {"given_name": "Ana", "family_name": "Price"})
    content = journey.with_item(content, "adults", "", {"given_name": "Eva", "family_name": "Price"})
    return content | {"done": ["who", "children", "adults", "contact", "consent"]}


def test_a_family_goes_through_fewer_pages() -> None:
    family = journey.steps_for(PARENT, has_localities=False)
    professional = journey.steps_for(PROFESSIONAL, has_localities=False)
    assert set(professional) - set(family) == {"about", "others", "professionals", "key_events", "level"}


def test_a_step_down_has_its_own_pages() -> None:
    content = PROFESSIONAL | {"about": {"kind": "step_down"}}
    assert journey.steps_for(content, has_localities=False)[-3:] == ["step_down", "papers", "attachments"]


@given(st.sampled_from([PARENT, PROFESSIONAL]), st.booleans())
def test_going_on_from_page_to_page_ends_at_the_check(content: dict[str, Any], has_localities: bool) -> None:
    step, seen = journey.next_step(content, "", has_localities=has_localities), []
    while step != "check":
        assert step not in seen
        seen.append(step)
        content = journey.with_step_done(content, step)
        step = journey.next_step(content, step, has_localities=has_localities)
    assert seen == journey.steps_for(content, has_localities=has_localities)


def test_a_step_that_was_skipped_comes_before_the_check() -> None:
    steps = journey.steps_for(PARENT, has_localities=False)
    content = PARENT | {"done": [step for step in steps if step != "needs"]}
    assert journey.next_step(content, "consent", has_localities=False) == "needs"


def test_removing_a_person_asks_again_what_pointed_at_them() -> None:
    left = journey.without_item(a_content(), "adults", "a1")
    assert left["consent"]["by"] == ["c1"]
    assert left["done"] == ["who", "children"]


def test_consent_is_asked_anew_when_it_is_no_longer_the_family_that_asks() -> None:
    same = journey.with_step(a_content(), "who", {"asking": "young_person"})
    assert "consent" in same["done"]
    assert "consent" not in journey.with_step(same, "who", {"asking": "professional"})["done"]


def test_a_ref_is_free_again_after_its_person_is_gone_and_never_given_twice() -> None:
    content = journey.with_item(a_content(), "children", "", {"given_name": "B", "family_name": "P"})
    content = journey.without_item(content, "children", "c1")
    content = journey.with_item(content, "children", "", {"given_name": "C", "family_name": "P"})
    assert sorted(child["ref"] for child in content["children"]) == ["c1", "c2"]


@pytest.mark.parametrize(
    ("pointer", "step"),
    [
        ("/children/0/upn", "children"),
        ("/referrer/email", "details"),
        ("/worried_about", "story"),
        ("/step_down/papers", "papers"),
        ("/step_down/decided_on", "step_down"),
        ("/locality", "about"),
        ("/level_seen", "level"),
    ],
)
def test_a_fault_leads_to_its_page(pointer: str, step: str) -> None:
    assert journey.step_of(pointer) == step
