import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.references import ALPHABET, new_reference, read_reference

_LOOK_ALIKES = [set("O0QDU"), set("1IL"), set("2Z"), set("5S"), set("8B6"), set("4A")]


def test_a_reference_reads_as_two_groups_of_four() -> None:
    reference = new_reference()
    assert len(reference) == 9
    assert reference.startswith("EH")
    assert reference[4] == "-"


def test_no_two_characters_of_a_reference_can_be_taken_for_each_other() -> None:
    for group in _LOOK_ALIKES[1:]:
        assert len(group & set(ALPHABET)) <= 1
    assert not {"O", "0", "U"} & set(ALPHABET)


def test_what_was_given_out_can_be_read_back_however_it_is_typed() -> None:
    for reference in (new_reference() for _ in range(200)):
        assert read_reference(reference.lower().replace("-", " ")) == reference
        assert read_reference(f"  {reference.replace('-', '')} ") == reference


@given(position=st.integers(2, 7), wrong=st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(position: int, wrong: str) -> None:
    letters = new_reference().replace("-", "")
    if letters[position] == wrong:
        return
    with pytest.raises(Invalid):
        read_reference(letters[:position] + wrong + letters[position + 1 :])


@given(position=st.integers(2, 5))
def test_two_neighbours_swapped_are_always_found(position: int) -> None:
    letters = new_reference().replace("-", "")
    if letters[position] == letters[position + 1]:
        return
    swapped = letters[:position] + letters[position + 1] + letters[position] + letters[position + 2 :]
    with pytest.raises(Invalid):
        read_reference(swapped)


@pytest.mark.parametrize("text", ["", "EH", "EH7K-3QW", "EH7K-3QWDD", "XX7K-3QWD", "EH7K-3QW\x00", "EH٧K-3QWD"])
def test_what_is_no_reference_is_refused_in_plain_words(text: str) -> None:
    with pytest.raises(Invalid, match="reference"):
        read_reference(text)
