"""Whom a search finds: whoever shares a fingerprint with whom was asked about."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.rules.register.fingerprints import (
    Marks,
    asked_fingerprints,
    fingerprints_of,
    home_of,
    swapped,
)

HOME = home_of(["14 Larkfield Close"], "BA2 1XX")
KNOWN = Marks(
    "Siobhán", "Novak", also_known_as=("Siobhan Kelly",), date_of_birth=date(2017, 5, 9), nhs_number="999 100 0054",
    upn="W800268714058", homes=(HOME,),
)  # fmt: skip


def finds(asked: Marks, known: Marks = KNOWN) -> bool:
    return bool(set(asked_fingerprints(asked)) & set(fingerprints_of(known)))


@pytest.mark.parametrize(
    "asked",
    [
        Marks("siobhan", "novak"),
        Marks("Shevaun", "Novák"),
        Marks("novak", "siobhan"),
        Marks("Siobhan", "Kelly"),
        Marks("Siobhan", "Somebody", date_of_birth=date(2017, 5, 9)),
        Marks("", "Novak", date_of_birth=date(2017, 5, 9)),
        Marks("Siobhan", "", date_of_birth=date(2017, 9, 5)),
        Marks(nhs_number="999 100 0054"),
        Marks(upn="W800268714058"),
        Marks(date_of_birth=date(2017, 5, 9)),
        Marks(homes=(HOME,)),
        Marks(homes=(home_of([""], "BA2 1XX"),)),
        Marks("", "Novak", homes=(home_of([""], "BA2 1XX"),)),
    ],
)
def test_somebody_is_found_by_what_is_known_of_them(asked: Marks) -> None:
    assert finds(asked)


@pytest.mark.parametrize(
    "asked",
    [
        Marks("Eva", "Price"),
        Marks("Eva", "Price", date_of_birth=date(2017, 5, 9)),
        Marks("Siobhan", "Price", date_of_birth=date(2017, 5, 10)),
        Marks(nhs_number="943 476 5919"),
    ],
)
def test_somebody_else_is_not(asked: Marks) -> None:
    assert not finds(asked)


@pytest.mark.parametrize("asked", [Marks(), Marks("Siobhan"), Marks("", "Novak"), Marks("-", "'")])
def test_one_name_alone_is_too_little_to_look_for(asked: Marks) -> None:
    assert asked_fingerprints(asked) == []


@given(st.dates(date(1920, 1, 1), date(2026, 12, 31)))
def test_a_swapped_date_swaps_back(day: date) -> None:
    other = swapped(day)
    assert other is None or (swapped(other) == day and other != day)


names = st.text("abcdefghijklmnopqrstuvwxyzáłñ", min_size=1, max_size=12)


@given(names, names, st.dates(date(1920, 1, 1), date(2026, 12, 31)))
def test_whoever_is_kept_is_found_by_what_was_kept(given_name: str, family_name: str, born: date) -> None:
    known = Marks(given_name, family_name, date_of_birth=born)
    assert finds(known, known)
    assert finds(replace(known, date_of_birth=swapped(born)), known)
    assert finds(replace(known, family_name="Elsewhere"), known)


@given(names, names)
def test_fingerprints_are_numbers_that_fit_the_table_and_hold_no_name(given_name: str, family_name: str) -> None:
    kept = fingerprints_of(Marks(given_name, family_name))
    assert kept == sorted(set(kept))
    assert all(-(2**63) <= one < 2**63 for one in kept)
