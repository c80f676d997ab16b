"""How like two people are, and why."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.rules.register.fingerprints import Marks, home_of
from services.referrals.rules.register.likeness import WORTH_OFFERING, likeness, worth_showing

BORN = date(2017, 5, 9)
HOME = home_of(["14 Larkfield Close"], "BA2 1XX")
LEFT = home_of(["14 Larkfield Close"], "BA2 1XX", date(2025, 1, 31))
KNOWN = Marks("Siobhán", "Novak", date_of_birth=BORN, homes=(HOME,))


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (Marks("siobhan", "novak"), "Same name"),
        (Marks("Shevaun", "Novak"), "The name sounds the same: Siobhán Novak"),
        (Marks("Siobahn", "Novac", date_of_birth=BORN), "The name is spelt nearly the same: Siobhán Novak"),
        (Marks("Novak", "Siobhan", date_of_birth=BORN), "First and last name the other way round"),
        (Marks("Siobhan", "Novak", date_of_birth=date(2017, 9, 5)), "Day and month of birth the other way round"),
        (Marks("Siobhan", "Novak", date_of_birth=date(2016, 5, 9)), "Date of birth differs in one part"),
        (Marks("Siobhan", "Kelly", date_of_birth=BORN), "Same first name, another last name"),
        (Marks("Orla", "Novak", date_of_birth=BORN), "Same last name and date of birth, another first name: a twin?"),
        (Marks("Siobhan", "Novak", homes=(HOME,)), "Same address"),
        (Marks("Siobhan", "Novak", homes=(home_of(["9 Other Road"], "BA2 1XX"),)), "Same postcode"),
    ],
)
def test_each_likeness_is_said_in_plain_words(asked: Marks, reason: str) -> None:
    found = likeness(asked, KNOWN)
    assert reason in found.reasons
    assert found.weight >= worth_showing(asked)


def test_a_name_from_before_and_an_address_from_before_are_said() -> None:
    known = replace(KNOWN, also_known_as=("Kelly",), homes=(LEFT,))
    found = likeness(Marks("Siobhan", "Kelly", homes=(HOME,)), known)
    assert "Known by this name too: Siobhán Novak (Kelly)" in found.reasons
    assert "Lived at this address before" in found.reasons


def test_a_twin_is_another_child_and_is_marked() -> None:
    assert likeness(Marks("Orla", "Novak", date_of_birth=BORN), KNOWN).is_twin
    assert not likeness(Marks("Siobhan", "Novak", date_of_birth=BORN), KNOWN).is_twin
    assert not likeness(Marks("Orla", "Novak", date_of_birth=date(2019, 1, 1)), KNOWN).is_twin


def test_a_number_says_the_most_and_another_number_says_no() -> None:
    numbered = replace(KNOWN, nhs_number="999 100 0054")
    same = likeness(Marks("Another", "Name", nhs_number="999 100 0054"), numbered)
    assert same.reasons[0] == "Same NHS number"
    other = likeness(replace(KNOWN, nhs_number="943 476 5919"), numbered)
    assert other.weight < likeness(KNOWN, numbered).weight


@pytest.mark.parametrize(
    "asked",
    [Marks("Siobhan", "Novak"), Marks("Siobhan", "Price", date_of_birth=BORN), Marks("Aoife", "Price", homes=(HOME,))],
    ids=["a name alone", "a first name and a birthday", "a neighbour"],
)
def test_what_many_people_share_is_not_offered_where_nobody_asked(asked: Marks) -> None:
    assert likeness(asked, KNOWN).weight < WORTH_OFFERING


def test_a_sibling_of_the_same_name_but_another_birthday_is_not_the_child() -> None:
    asked = Marks("Aoife", "Novak", date_of_birth=date(2020, 2, 2), homes=(HOME,))
    assert likeness(asked, KNOWN).weight < worth_showing(asked)


@pytest.mark.parametrize(
    "asked", [Marks(homes=(HOME,)), Marks(homes=(home_of([""], "BA2 1XX"),)), Marks(date_of_birth=BORN)]
)
def test_whoever_asks_little_is_shown_whoever_fits(asked: Marks) -> None:
    assert likeness(asked, KNOWN).weight >= worth_showing(asked)


names = st.sampled_from(["Siobhán", "Siobhan", "Orla", "Novak", "Kelly", ""])
marks = st.builds(
    Marks, names, names, date_of_birth=st.sampled_from([None, BORN, date(2017, 9, 5), date(2001, 1, 1)]),
    nhs_number=st.sampled_from(["", "999 100 0054"]), homes=st.sampled_from([(), (HOME,), (LEFT,)]),
)  # fmt: skip


@given(marks, marks)
def test_nobody_is_more_like_somebody_than_they_are_like_themselves(one: Marks, other: Marks) -> None:
    assert likeness(one, other).weight <= likeness(one, one).weight + 60


@given(marks, marks)
def test_what_speaks_against_is_said_last(one: Marks, other: Marks) -> None:
    is_against = [words.startswith("But another ") for words in likeness(one, other).reasons]
    assert is_against == sorted(is_against)


def test_a_child_of_the_same_name_birthday_and_home_is_offered_though_a_number_differs() -> None:
    found = likeness(replace(KNOWN, nhs_number="943 476 5919"), replace(KNOWN, nhs_number="999 100 0054"))
    assert found.weight >= WORTH_OFFERING
    assert found.reasons[-1] == "But another NHS number"
