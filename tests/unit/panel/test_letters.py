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
ADULTS = ("a1", "a2", "a3", "a4")
PLACES = ("h1", "h2", "h3")


def homes_where(lives_at: dict[str, str]) -> list[rules.Home]:
    """Return the homes of adults, each at one, as their owner answers."""
    found = {ref: tuple(adult for adult in lives_at if lives_at[adult] == ref) for ref in PLACES}
    return [rules.Home(ref, adults, adults, (), ()) for ref, adults in found.items() if adults]


WHERE = st.dictionaries(st.sampled_from(ADULTS), st.sampled_from(PLACES))


@given(
    then=WHERE,
    now=WHERE,
    settled=st.sets(st.sampled_from(PLACES)),
    still_open=st.sets(st.sampled_from(PLACES)),
)
def test_each_adult_is_on_exactly_one_letter_wherever_they_lived_when_others_were_written(
    then: dict[str, str], now: dict[str, str], settled: set[str], still_open: set[str]
) -> None:
    made = rules.homes_to_write(homes_where(then), [])
    standing = [
        rules.Standing(home.home_ref, home.adult_refs, is_open=home.home_ref not in settled)
        for home in made
        if home.home_ref in settled | still_open
    ]
    homes = homes_where(now)
    new = rules.homes_to_write(homes, standing)
    letters = [*standing, *(rules.Standing(home.home_ref, home.adult_refs, is_open=True) for home in new)]
    on = [ref for one in standing if not one.is_open for ref in one.adult_refs]
    for one in (each for each in letters if each.is_open):
        otherwise = {ref for each in letters if each is not one for ref in each.adult_refs}
        home = next((home for home in homes if home.home_ref == one.home_ref), None)
        left = rules.without(home, otherwise) if home else None
        on += left.adult_refs if left else ()
    moved = {ref for one in standing if one.is_open for ref in one.adult_refs if now.get(ref) != one.home_ref}
    assert len(on) == len(set(on))
    assert set(now) <= set(on) | moved


def test_who_was_written_to_at_another_address_is_not_on_the_letter_to_the_home_they_share_now() -> None:
    home = rules.Home("h1", ("a1", "a2"), ("Jo Price", "Sam Price"), (), ())
    [new] = rules.homes_to_write([home], [rules.Standing("h2", ("a1",), is_open=False)])
    assert (new.adult_refs, new.names) == (("a2",), ("Sam Price",))


def test_who_came_to_a_home_after_its_letter_was_sent_gets_one() -> None:
    home = rules.Home("h1", ("a1", "a2"), ("Jo Price", "Sam Price"), (), ())
    [new] = rules.homes_to_write([home], [rules.Standing("h1", ("a1",), is_open=False)])
    assert new.adult_refs == ("a2",)


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


@pytest.mark.parametrize("code", [code for code in OUTCOMES if code not in ("carry_over", "close")])
def test_a_letter_about_a_decision_between_meetings_does_not_say_that_a_meeting_made_it(code: str) -> None:
    told = Told(outcome=code, panel="EHAP", held_on=date(2026, 12, 10), before_meeting_on=date(2026, 11, 29))
    said = " ".join(letter_paragraphs(told))
    assert said.startswith("On 29 November 2026 the chair of the EHAP decided about the request")
    assert "10 December" not in said
    assert "The panel " not in said.replace("The panel looks at it again", "")


def test_there_are_words_for_every_outcome() -> None:
    for code, outcome in OUTCOMES.items():
        said = letter_paragraphs(Told(outcome=code, panel="panel", held_on=date(2026, 11, 12)))
        assert len(said) > 1
        assert bool(for_a_child("Ana", code, "Steps")) == (outcome.follows.value != "queued")
