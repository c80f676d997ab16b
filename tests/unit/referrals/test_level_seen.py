"""The level of need that a professional sees."""

from dataclasses import replace
from typing import Any

import pytest

from services.referrals.rules.level_seen import (
    NOT_SAID,
    level_of,
    level_seen_faults,
    level_seen_in_words,
    levels_to_see,
)
from shared.authority import AUTHORITIES, load_profile

BATHNES = load_profile("bathnes").newest


def faults(seen: dict[str, Any] | None, *, source: str = "2A") -> list[Any]:
    return list(level_seen_faults({"level_seen": seen, "referrer": {"source": source}}, BATHNES))


@pytest.mark.parametrize("key", AUTHORITIES)
def test_a_level_that_is_chosen_is_one_of_its_scheme(key: str) -> None:
    authority = load_profile(key).newest
    chosen = [level_of(code) for code in levels_to_see(authority.level_scheme) if code != NOT_SAID]
    assert [level["number"] for level in chosen if level] == [level.number for level in authority.level_scheme.levels]
    assert all(level and authority.has_level(**level) for level in chosen)


def test_no_level_needs_to_be_said() -> None:
    assert level_of(NOT_SAID) is None
    assert level_of("") is None
    assert faults(None) == []
    assert level_seen_in_words("", "", None, BATHNES) == ""


def test_a_level_keeps_the_scheme_it_was_said_under() -> None:
    later = replace(
        BATHNES, level_schemes=(*BATHNES.level_schemes, replace(BATHNES.level_scheme, version="2027", levels=()))
    )
    level = level_of("bathnes/2024/4")
    assert level == {"scheme": "bathnes", "version": "2024", "number": 4}
    assert level_seen_in_words(**level, authority=later) == "Level 4: Social care: child in need (B&NES 2024)"


def test_a_level_that_no_scheme_has_is_refused() -> None:
    assert faults({"scheme": "bathnes", "version": "2014", "number": 4}) == []
    for wrong in ({"number": 5}, {"version": "2013"}, {"scheme": "dorset"}):
        [(path, _)] = faults({"scheme": "bathnes", "version": "2014", "number": 4} | wrong)
        assert path == ("level_seen",)


def test_a_family_is_not_asked_for_a_level() -> None:
    [(_, message)] = faults({"scheme": "bathnes", "version": "2024", "number": 3}, source="1A")
    assert message == "Leave out the level of need: the family itself is asking"
