from dataclasses import replace

from shared.authority import load_profile
from shared.authority.in_words import Difference, differences

BATHNES = load_profile("bathnes").newest


def test_rules_that_are_the_same_differ_in_nothing() -> None:
    assert differences(BATHNES, BATHNES) == []


def test_what_is_said_differently_is_said_with_what_was_before() -> None:
    later = replace(BATHNES, triage=replace(BATHNES.triage, within=2))
    assert differences(BATHNES, later) == [Difference("Triage", "Decision", "1 working day", "2 working days")]


def test_a_panel_that_comes_or_goes_is_a_difference() -> None:
    ehap, step_down = BATHNES.panels
    (gone,) = differences(BATHNES, replace(BATHNES, panels=(ehap,)))
    assert (gone.section, gone.rule, gone.after) == ("Panels", step_down.name, "")
    assert gone.before.startswith("Step-down meeting: every Tuesday at 2pm")
    (come,) = differences(replace(BATHNES, panels=(step_down,)), BATHNES)
    assert (come.rule, come.before) == (ehap.name, "")
