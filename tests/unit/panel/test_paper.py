"""How a paper reads: ages, codes, what is missing, and what must not be shown."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.panel.rules.paper import NOT_DISCLOSED, age_in_words, level_in_words, paper_in_lines
from shared.authority import load_profile

ON = date(2026, 11, 5)


@pytest.mark.parametrize(
    ("child", "age"),
    [
        ({"date_of_birth": "2017-11-05"}, "9"),
        ({"date_of_birth": "2017-11-06"}, "8"),
        ({"date_of_birth": "2026-10-06"}, "0 months"),
        ({"date_of_birth": "2026-10-05"}, "1 month"),
        ({"date_of_birth": "2025-01-05"}, "22 months"),
        ({"expected_on": "2027-01-02"}, "unborn"),
    ],
)
def test_ages_are_said_as_people_say_them(child: dict[str, str], age: str) -> None:
    assert age_in_words(child, ON) == age


def test_of_a_child_who_is_not_born_nobody_says_that_there_is_no_disability() -> None:
    codes = {"family_name": "B", "sex": "U", "ethnicity": "NOBT", "disabilities": ["NONE"]}
    unborn, born = (
        paper_in_lines({"children": [codes | when]}, ON)["children"][0]["facts"]
        for when in ({"expected_on": "2027-01-02"}, {"date_of_birth": "2017-11-05"})
    )
    assert {"Sex", "Ethnicity", "Disability"} & set(dict(unborn)) == set()
    assert dict(born)["Disability"] == "No disability"


@given(st.dates(date(2005, 1, 1), ON))
def test_an_age_in_years_is_the_number_of_birthdays(born: date) -> None:
    age = age_in_words({"date_of_birth": born.isoformat()}, ON)
    if "month" not in age:
        birthdays = ON.year - born.year - ((ON.month, ON.day) < (born.month, born.day))
        assert int(age) == birthdays >= 2


def test_an_address_that_is_not_to_be_disclosed_is_nowhere_in_the_paper() -> None:
    hidden = {"lines": ["14 Larkfield Close"], "town": "Bath", "postcode": "BA2 1XX", "is_sensitive": True}
    named = {"lines": ["9 Quiet Mews"], "town": "Bath", "not_disclosed_to": ["Daniel Price"], "may_write": False}
    lines = paper_in_lines({"addresses": [hidden, named]}, ON)
    assert lines["addresses"] == [
        {"text": NOT_DISCLOSED, "warning": ""},
        {"text": NOT_DISCLOSED, "warning": "Do not write to this address"},
    ]
    assert not any(word in json.dumps(lines) for word in ("Larkfield", "Quiet Mews", "BA2"))


def test_it_says_who_lives_where_and_where_nobody_may_write() -> None:
    mothers = {"ref": "home", "lines": ["14 Larkfield Close"], "town": "Bath"}
    fathers = {"ref": "other", "lines": ["9 Quiet Mews"], "may_write": False, "is_sensitive": True}
    people = {
        "children": [{"given_name": "A", "family_name": "B", "lives_at": ["home", "other"]}],
        "adults": [{"given_name": "C", "family_name": "B", "lives_at": ["other"]}, {"given_name": "D"}],
    }
    lines = paper_in_lines(people | {"addresses": [mothers, fathers]}, ON)
    hidden = f"{NOT_DISCLOSED} (do not write to this address)"
    assert dict(lines["children"][0]["facts"])["Lives at"] == f"14 Larkfield Close, Bath; {hidden}"
    assert dict(lines["adults"][0]["facts"])["Lives at"] == hidden
    assert "Lives at" not in dict(lines["adults"][1]["facts"])


def test_what_is_not_known_refused_and_not_asked_read_differently() -> None:
    codes = ["not_known", "refused", "not_yet_obtained", "not_asked"]
    children = [{"given_name": "A", "family_name": "B", "first_language": {"missing": code}} for code in codes]
    said = [dict(child["facts"])["First language"] for child in paper_in_lines({"children": children}, ON)["children"]]
    assert len(set(said)) == 4


def test_codes_are_shown_with_their_labels_and_an_unknown_one_as_it_came() -> None:
    child = {"given_name": "Siobhán", "family_name": "Nguyễn", "ethnicity": "WBRI", "sex": "F", "disabilities": ["XXX"]}
    facts = dict(paper_in_lines({"children": [child]}, ON)["children"][0]["facts"])
    assert facts["Ethnicity"] == "White British"
    assert facts["Disability"] == "XXX"


def test_an_empty_paper_can_be_read() -> None:
    assert paper_in_lines({}, ON)["children"] == []


def test_a_level_has_its_label_and_one_of_an_unknown_scheme_names_the_scheme() -> None:
    authority = load_profile("gloucestershire").newest
    assert level_in_words(authority, "gloucestershire", "2020", 3) == "Level 3: Intensive"
    assert level_in_words(authority, "elsewhere", "1999", 3) == "Level 3 (elsewhere 1999)"
