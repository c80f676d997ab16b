"""Names are compared as people write them differently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.rules.register.spelling import closeness, fold, parts_of, sound


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Łukasz Wójcik", "lukasz wojcik"),
        ("Nguyễn", "nguyen"),
        ("O'Brien", "OBrien"),
        ("Lee-Boswell", "Lee Boswell"),
        ("Siobhán", "SIOBHAN"),
        ("Jørgen Đặng", "jorgen dang"),
    ],
)
def test_ways_to_write_one_name_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammed", "Muhammad"),
        ("محمد", "Mohamed"),
        ("Siobhán", "Shevaun"),
        ("Catherine", "Katharine"),
        ("Smith", "Smyth"),
        ("Sophie", "Sofie"),
        ("Олена", "Olena"),
        ("Tomasz", "Tom"),
        ("Rhys", "Reece"),
    ],
)
def test_names_that_people_use_for_one_another_sound_the_same(one: str, other: str) -> None:
    assert sound(fold(one)) == sound(fold(other))


@pytest.mark.parametrize(("one", "other"), [("Ana", "Eva"), ("Smith", "Price"), ("Олена", "Ольга")])
def test_other_names_sound_otherwise(one: str, other: str) -> None:
    assert sound(fold(one)) != sound(fold(other))


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(st.text(max_size=40))
def test_every_name_that_has_a_letter_has_a_sound(name: str) -> None:
    assert all(sound(part) for part in parts_of(name))


@given(st.text(max_size=20), st.text(max_size=20))
def test_closeness_is_the_same_from_both_sides(one: str, other: str) -> None:
    assert closeness(one, other) == pytest.approx(closeness(other, one))
    assert 0 <= closeness(one, other) <= 1


def test_a_name_with_a_hyphen_is_known_by_its_parts_and_as_a_whole() -> None:
    assert parts_of("Lee-Boswell") == ["lee", "boswell", "leeboswell"]
    assert parts_of("Price") == ["price"]
    assert parts_of(" - ") == []
