"""A letter goes to a safe home only, and each adult who is told gets one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.rules.letters import NOT_DISCLOSED, OTHERS_THERE, Addressee, letters_to
from services.referrals.rules.safe_contact import Home, is_current

TODAY = date(2026, 11, 2)
REFS = ["h1", "h2", "h3"]
DAYS = st.none() | st.integers(-3, 3).map(lambda days: TODAY + timedelta(days=days))


def a_home(ref: str = "h1", *, may_write: bool = True, not_to: tuple[str, ...] = ()) -> Home:
    return Home(ref, ("1 High Street",), "Bath", "BA1 1AA", may_write, None, None, not_to)


def adult(ref: str, *homes: str, told: bool = True, letters: bool = True) -> Addressee:
    return Addressee(ref, told, letters, homes)


def test_two_homes_get_two_letters_and_one_home_gets_one() -> None:
    apart = letters_to([adult("a1", "h1"), adult("a2", "h2")], [a_home("h1"), a_home("h2")], today=TODAY)
    assert [(one.home_ref, one.adult_refs) for one in apart] == [("h1", ("a1",)), ("h2", ("a2",))]
    [together] = letters_to([adult("a1", "h1"), adult("a2", "h1")], [a_home("h1")], today=TODAY)
    assert together.adult_refs == ("a1", "a2")


def test_a_home_where_somebody_did_not_call_letters_safe_is_looked_at_first() -> None:
    [letter] = letters_to([adult("a1", "h1"), adult("a2", "h1", letters=False)], [a_home()], today=TODAY)
    assert (letter.adult_refs, letter.because, letter.other_refs) == (("a1",), (OTHERS_THERE,), ("a2",))


def test_a_home_that_somebody_must_not_learn_of_is_looked_at_first() -> None:
    [letter] = letters_to([adult("a1", "h1")], [a_home(not_to=("Dan",))], today=TODAY)
    assert letter.because == (NOT_DISCLOSED,)


@pytest.mark.parametrize("one", [adult("a1", "h1", told=False), adult("a1", "h1", letters=False), adult("a1")])
def test_who_is_not_told_or_did_not_call_letters_safe_gets_none(one: Addressee) -> None:
    assert letters_to([one], [a_home()], today=TODAY) == []


@given(
    adults=st.lists(
        st.builds(
            Addressee,
            ref=st.sampled_from(["a1", "a2", "a3", "a4"]),
            is_told=st.booleans(),
            wants_letters=st.booleans(),
            lives_at=st.lists(st.sampled_from(REFS), unique=True).map(tuple),
        ),
        unique_by=lambda one: one.ref,
    ),
    homes=st.lists(
        st.builds(
            Home,
            ref=st.sampled_from(REFS),
            lines=st.just(()),
            town=st.just(""),
            postcode=st.just(""),
            may_write=st.booleans(),
            from_on=DAYS,
            to_on=DAYS,
            not_disclosed_to=st.sampled_from([(), ("Dan",)]),
        ),
        unique_by=lambda home: home.ref,
    ),
)
def test_never_to_an_unsafe_home_and_exactly_one_for_each_who_can_have_one(
    adults: list[Addressee], homes: list[Home]
) -> None:
    found = letters_to(adults, homes, today=TODAY)
    by_ref = {home.ref: home for home in homes}
    assert len({one.home_ref for one in found}) == len(found)
    for letter in found:
        home = by_ref[letter.home_ref]
        assert home.may_write
        assert is_current(home, TODAY)
        assert bool(home.not_disclosed_to) == (NOT_DISCLOSED in letter.because)
    written = [ref for letter in found for ref in letter.adult_refs]
    safe = {home.ref for home in homes if home.may_write and is_current(home, TODAY)}
    can = {one.ref for one in adults if one.is_told and one.wants_letters and safe & set(one.lives_at)}
    assert sorted(written) == sorted(can)
