"""Names are compared as people write them differently; numbers exactly."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.rules.matching import ChildMarks, fold, folded_names, reasons_to_match

BORN = date(2017, 5, 9)


def marks(
    given_name: str, family_name: str = "Price", *, born: date | None = BORN, nhs: str = "", upn: str = ""
) -> ChildMarks:
    return ChildMarks(given_name, frozenset(folded_names(given_name, family_name, [])), born, nhs, upn)


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


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


def test_names_of_another_script_are_kept() -> None:
    assert fold("محمد") != ""
    assert fold("Олена") != fold("Ольга")


def test_nothing_in_common_gives_no_reason() -> None:
    assert reasons_to_match([marks("Ana")], [marks("Eva")]) == []
    assert reasons_to_match([marks("Ana", born=None)], [marks("Ana", born=None)]) == []


def test_each_reason_is_said_once_and_the_strongest_first() -> None:
    new = [marks("Ana", nhs="1", upn="A")]
    known = [marks("Ana", nhs="1", upn="A"), marks("Ana", nhs="1")]
    assert reasons_to_match(new, known) == [
        "Ana has the same NHS number",
        "Ana has the same UPN",
        "Ana has the same name and date of birth",
    ]


def test_an_empty_name_matches_nobody() -> None:
    assert folded_names("-", "'", []) == []
