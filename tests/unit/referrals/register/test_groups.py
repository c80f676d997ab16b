"""Families that were merged, in any order, and put back."""

from hypothesis import given
from hypothesis import strategies as st

from services.referrals.rules.register.groups import groups_of

FAMILIES = range(6)
mergers = st.lists(st.tuples(st.sampled_from(FAMILIES), st.sampled_from(FAMILIES)), max_size=8)


def test_a_group_is_known_under_the_family_into_which_the_others_went() -> None:
    assert groups_of("abcd", [("a", "b"), ("b", "c")]) == {"a": "c", "b": "c", "c": "c", "d": "d"}
    assert groups_of("abc", [("a", "b"), ("c", "a")]) == {"a": "b", "b": "b", "c": "b"}


@given(mergers)
def test_two_families_are_one_exactly_when_mergers_lead_from_one_to_the_other(made: list[tuple[int, int]]) -> None:
    known_as = groups_of(FAMILIES, made)
    for one in FAMILIES:
        reached = {one}
        for _ in FAMILIES:
            reached |= {b for a, b in made if a in reached} | {a for a, b in made if b in reached}
        assert {other for other in FAMILIES if known_as[other] == known_as[one]} == reached


@given(mergers)
def test_a_group_is_known_under_one_of_its_own(made: list[tuple[int, int]]) -> None:
    known_as = groups_of(FAMILIES, made)
    assert all(known_as[known_as[family]] == known_as[family] for family in FAMILIES)
