import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import shared.authority
from shared.authority import Authority, ProfileWrong, load_authority
from shared.authority.read import read_record

_FOLDER = Path(shared.authority.__file__).parent
_PROFILES = sorted(path.stem for path in _FOLDER.glob("*.toml"))


@pytest.mark.parametrize("key", _PROFILES)
def test_every_profile_that_ships_can_be_used(key: str) -> None:
    authority = load_authority(key)
    assert authority.key == key
    assert authority.assumptions, "what the source does not say must be marked"


def test_bath_has_both_kinds_of_meeting_and_gloucestershire_one_in_each_of_six_localities() -> None:
    assert [panel.kind for panel in load_authority("bathnes").panels] == ["allocation", "step_down"]
    gloucestershire = load_authority("gloucestershire")
    assert len({panel.locality for panel in gloucestershire.panels}) == 6
    assert {panel.recurrence.weeks for panel in gloucestershire.panels} == {1}


def test_a_level_is_read_under_the_scheme_it_was_made_under() -> None:
    bath = load_authority("bathnes")
    assert len(bath.levels_on(date(2026, 11, 2)).levels) == 5
    assert len(bath.levels_on(date(2020, 1, 1)).levels) == 4
    assert bath.level_label("bathnes", "2014", 4) != bath.level_label("bathnes", "2024", 4)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"colour": "red"}, "colour"),
        ({"name": 7}, "name"),
        ({"reviews": {"policy": "x"}}, "first_weeks"),
    ],
)
def test_what_is_wrong_in_a_profile_is_named(change: dict[str, Any], named: str) -> None:
    table = tomllib.loads((_FOLDER / "bathnes.toml").read_text(encoding="utf-8")) | change
    with pytest.raises(ProfileWrong, match=named):
        read_record(Authority, table, where="bathnes.toml")
