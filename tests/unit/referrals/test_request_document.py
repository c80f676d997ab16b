"""What must hold between the parts of a request document."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.rules.request_document import LONGEST_PREGNANCY, child_faults, faults_of

TODAY = date(2026, 11, 2)


def a_child(**changes: Any) -> dict[str, Any]:
    born = {"ref": "c1", "given_name": "Ana", "family_name": "Price", "date_of_birth": date(2017, 5, 9)}
    return born | {"expected_on": None} | {"sex": "F", "disabilities": ["NONE"], "lives_at": ["home"]} | changes


def an_unborn_child(expected_on: date, sex: str = "U") -> dict[str, Any]:
    return a_child(given_name="", family_name="", date_of_birth=None, expected_on=expected_on, sex=sex)


def a_document(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = {
        "kind": "request",
        "locality": "",
        "referrer": {"source": "1C", "role": "", "organisation": "", "email": "a@b.example", "phone": ""},
        "addresses": [{"ref": "home", "from_on": None, "to_on": None}],
        "children": [a_child()],
        "adults": [{"ref": "a1", "lives_at": ["home"]}],
        "contact": {"adult": "a1"},
        "consent": {"to_ask": [], "to_share": [], "to_research": []},
        "step_down": None,
    }
    return document | changes


def faults(**changes: Any) -> dict[str, Any]:
    return faults_of(a_document(**changes), today=TODAY, localities=())


def test_a_whole_document_has_no_faults() -> None:
    assert faults() == {}


@given(st.dates(TODAY - timedelta(days=400), TODAY + timedelta(days=800)))
def test_a_baby_is_expected_within_forty_weeks(expected_on: date) -> None:
    fits = TODAY <= expected_on <= TODAY + LONGEST_PREGNANCY
    assert (not list(child_faults(an_unborn_child(expected_on), TODAY))) is fits


@pytest.mark.parametrize("sex", ["F", "M"])
def test_the_sex_of_a_baby_is_not_known_before_birth(sex: str) -> None:
    [(path, _)] = child_faults(an_unborn_child(TODAY, sex), TODAY)
    assert path == ("sex",)


@pytest.mark.parametrize(("part", "words"), [("given_name", "Enter first name"), ("family_name", "Enter last name")])
def test_a_child_has_names_once_it_is_born(part: str, words: str) -> None:
    assert list(child_faults(a_child(**{part: ""}), TODAY)) == [((part,), words)]
    assert list(child_faults(an_unborn_child(TODAY), TODAY)) == []


def test_refs_are_used_once() -> None:
    found = faults(
        children=[a_child(), a_child()], adults=[{"ref": "a1", "lives_at": []}, {"ref": "c1", "lives_at": []}]
    )
    assert found == {
        "children": {1: {"ref": ["This ref is used twice"]}},
        "adults": {1: {"ref": ["This ref is used twice"]}},
    }


def test_an_address_does_not_end_before_it_began() -> None:
    homes = [{"ref": "home", "from_on": TODAY, "to_on": TODAY - timedelta(days=1)}]
    assert list(faults(addresses=homes)["addresses"][0]) == ["to_on"]


def test_a_locality_is_asked_only_where_there_are_some() -> None:
    assert "locality" in faults(locality="stroud")
    assert faults_of(a_document(locality="stroud"), today=TODAY, localities={"stroud"}) == {}
    assert "locality" in faults_of(a_document(), today=TODAY, localities={"stroud"})
