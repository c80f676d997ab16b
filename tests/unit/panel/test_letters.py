"""Which letters there are for a decision, and what keeps one back."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.panel.rules import letters as rules
from services.panel.rules.decisions import OUTCOMES
from services.panel.rules.letter_words import Told, for_a_child, letter_paragraphs
from shared.errors import Conflict, Forbidden, Invalid

HOME = rules.Home("home", ("a1",), ("Jo Price",), ("14 Larkfield Close", "Bath"), ())
ADULTS = st.lists(st.sampled_from(["a1", "a2", "a3", "a4"]), unique=True, min_size=1).map(tuple)
HOMES = st.lists(
    st.builds(
        rules.Home,
        home_ref=st.sampled_from(["h1", "h2", "h3"]),
        adult_refs=ADULTS,
        names=st.just(()),
        lines=st.just(()),
        because=st.just(()),
    ),
    unique_by=lambda home: home.home_ref,
)


@given(homes=HOMES, standing=st.lists(st.tuples(st.sampled_from(["h1", "h2", "h3"]), ADULTS)))
def test_nobody_who_has_a_letter_gets_a_second_one_and_nobody_is_left_out(
    homes: list[rules.Home], standing: list[tuple[str, tuple[str, ...]]]
) -> None:
    new = rules.homes_to_write(homes, standing)
    written = {ref for _, adults in standing for ref in adults}
    places = {home_ref for home_ref, _ in standing}
    assert not places & {home.home_ref for home in new}
    for home in homes:
        is_left_out = home.home_ref not in places and bool(set(home.adult_refs) - written)
        assert is_left_out == (home in new)


@given(state=st.sampled_from(sorted(rules.STATES)), printed=st.booleans())
def test_a_letter_is_sent_once_and_only_after_it_was_printed(state: str, printed: bool) -> None:
    try:
        rules.check_sending(state, is_printed=printed)
    except Conflict:
        assert state != "to_print" or not printed
    else:
        assert state == "to_print"
        assert printed


@given(state=st.sampled_from(sorted(rules.STATES)), same=st.booleans())
def test_nothing_is_printed_but_what_was_confirmed_as_it_is_now(state: str, same: bool) -> None:
    try:
        rules.check_as_confirmed(state, "seal", "seal" if same else "another")
    except rules.NotAsConfirmed:
        assert not (state == "to_print" and same)
    else:
        assert state == "to_print"
        assert same


def test_a_held_letter_is_released_by_who_was_named_with_how_they_checked() -> None:
    named = uuid4()
    with pytest.raises(Invalid):
        rules.check_checker("held", None, named, "Asked")
    with pytest.raises(Forbidden):
        rules.check_checker("held", named, uuid4(), "Asked")
    with pytest.raises(Invalid):
        rules.check_checker("held", named, named, "")
    rules.check_checker("held", named, named, "Asked")
    rules.check_checker("to_check", None, named, "")


def test_a_seal_tells_addresses_apart_and_says_none() -> None:
    other = rules.Home("home", ("a1",), ("Jo Price",), ("15 Larkfield Close", "Bath"), ())
    assert rules.seal_of(HOME, "key") == rules.seal_of(HOME, "key")
    assert rules.seal_of(HOME, "key") != rules.seal_of(other, "key")
    assert rules.seal_of(HOME, "key") != rules.seal_of(replace(HOME, other_refs=("a2",)), "key")
    assert rules.seal_of(HOME, "key") != rules.seal_of(HOME, "another key")
    assert "Larkfield" not in rules.seal_of(HOME, "key")


def test_there_are_words_for_every_outcome() -> None:
    for code, outcome in OUTCOMES.items():
        said = letter_paragraphs(Told(outcome=code, panel="panel", held_on=date(2026, 11, 12)))
        assert len(said) > 1
        assert bool(for_a_child("Ana", code, "Steps")) == (outcome.follows.value != "queued")
