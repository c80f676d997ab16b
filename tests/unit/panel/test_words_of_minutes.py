"""What words about minutes may name."""

import pytest

from services.panel.rules.minutes import check_names_only
from shared.errors import Invalid

NUMBERS = {"EH7K-3QWD": 1, "EH2Q-VFCH": 2, "EHYN-GQQY": 13}


@pytest.mark.parametrize(
    "words",
    [
        "Everybody was there.",
        "Item 1 was heard at ten.",
        "EH7K-3QWD came twice.",
        "Item 3 is on no agenda.",
        "An item of 2 pages.",
        "The 13 items were heard.",
        "",
    ],
)
def test_words_at_an_item_may_name_it_and_what_is_no_item_here(words: str) -> None:
    check_names_only(words, about=1, numbers=NUMBERS)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("item 2 was late", 2),
        ("Items 1, 2 and 13", 2),
        ("ITEM  13", 13),
        ("Of eh2q vfch nothing is known", 2),
        ("(EHYNGQQY)", 13),
    ],
)
def test_words_that_name_another_family_are_sent_to_its_item(words: str, number: int) -> None:
    with pytest.raises(Invalid, match=f"names item {number}") as refusal:
        check_names_only(words, about=1, numbers=NUMBERS)
    assert "item_id" in refusal.value.errors
