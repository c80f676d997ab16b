"""What in the answers of a request points to a child in danger, and why."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.rules.safeguarding_signs import ANSWERS, NEEDS, WORDS, Sign, signs_in, signs_of
from services.referrals.rules.safeguarding_words import WordsWrong, forms_of, read_sign_words

_AROUND = st.sampled_from(["", " ", ". ", ", ", "\n", "(", ")", "“", "”", "!", "-", "…", "*"])


def found(text: str) -> list[tuple[str, str, bool]]:
    return [(sign.kind, sign.words, sign.is_denied) for sign in signs_in({"worried_about": text}, [])]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("He came in with bruises on both arms.", "hurt", "bruises"),
        ("Dad HITS me", "hurt", "HITS"),
        ("He was beaten with a belt", "hurt", "beaten"),
        ("She is self-harming again", "own_life", "self-harming"),
        ("she wants to die", "own_life", "wants to die"),
        ("there is no food in the house", "neglect", "no food"),
        ("They are left alone at night", "neglect", "left alone"),
        ("It isn’t right: he’s not safe at home", "emotional", "not safe"),
        ("I don’t feel safe", "emotional", "don’t feel safe"),
        ("He goes missing, perhaps county lines", "exploitation", "goes missing"),
        ("a victim of domestic abuse", "domestic_abuse", "domestic abuse"),
        ("at risk of FGM", "honour", "FGM"),
        ("sexually harmful behaviour", "sexual", "sexually"),
    ],
)
def test_a_sign_is_found_as_whole_words_with_their_endings(text: str, kind: str, words: str) -> None:
    assert (kind, words, False) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "He does not sleep and is late for school.",
        "A white shirt; the exhibits; she is hitched to a trailer.",
        "Panic attacks before exams.",
        "Mum is getting help with substance abuse.",
        "We read together and laugh.",
        "",
    ],
)
def test_what_is_no_sign_is_not_made_one(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("There were no bruises.", "no bruises"),
        ("He has never been hit.", "never been hit"),
        ("Mum denies that he was punched", "denies that he was punched"),
        ("She hasn't been hurt", "hasn't been hurt"),
    ],
)
def test_what_is_denied_is_shown_all_the_same_but_said_so(text: str, words: str) -> None:
    assert [(one[1], one[2]) for one in found(text)] in ([(words, True)], [(words.split()[-1], False)])
    assert found(text)


def test_a_denial_reaches_three_words_far_and_not_over_the_end_of_a_sentence() -> None:
    assert found("No bruises.") == [("hurt", "No bruises", True)]
    assert found("There is no reason. Bruises.") == [("hurt", "Bruises", False)]
    assert found("no one was there when he was hit") == [("hurt", "hit", False)]


def test_the_longest_phrase_is_the_sign() -> None:
    assert found("domestic violence") == [("domestic_abuse", "domestic violence", False)]


def test_each_sign_is_said_once_however_often_it_is_written() -> None:
    assert found("hit, hit and hit") == [("hurt", "hit", False)]


def test_ticked_needs_point_to_danger_too() -> None:
    [sign] = signs_in({}, ["1", "8"])
    assert sign == Sign(NEEDS, "domestic_abuse", "Safe from domestic abuse", False)


def test_every_free_text_of_a_request_is_read() -> None:
    parts = {
        "children_say": "He hits me.",
        "already_tried": {"missing": "not_known"},
        "others": [{"about": "was violent"}, {"about": ""}],
        "key_events": [{"what": "ran away", "when": "June"}],
        "contact": {"notes": "She is scared of him."},
    }
    assert {sign.answer for sign in signs_of(parts, [])} == {"children_say", "others", "key_events", "contact"}
    assert {sign.answer for sign in signs_of(parts, [])} <= set(ANSWERS)


@given(st.text(max_size=400), st.lists(st.text(max_size=3)))
def test_any_text_can_be_read(text: str, ticked: list[str]) -> None:
    for sign in signs_in({"worried_about": text}, ticked):
        assert sign.words
        assert sign.kind in {kind.key for kind in WORDS.kinds}


@given(_AROUND, _AROUND, st.booleans(), st.sampled_from(["bruised", "strangled", "suicidal", "rape", "domestic abuse"]))
def test_case_and_punctuation_change_nothing(before: str, after: str, is_upper: bool, word: str) -> None:
    text = f"{before}{word.upper() if is_upper else word}{after}"
    assert [sign[1].lower() for sign in found(text)] == [word]


@given(st.text(string.ascii_lowercase, min_size=1, max_size=8), st.sampled_from(["bruise", "molest", "hit", "neglect"]))
def test_a_word_inside_another_is_no_sign(letters: str, word: str) -> None:
    inside = f"z{letters}{word}{letters}z"
    assert found(inside) == []


@given(st.sampled_from(sorted({"bruise", "hit", "injury", "neglect", "stab"})))
def test_each_ending_of_a_word_is_found(word: str) -> None:
    for form in forms_of(word):
        assert found(f"He said {form} today"), form


@pytest.mark.parametrize(
    ("was", "becomes", "named"),
    [
        ('key = "neglect"', 'key = "hurt"', "kind hurt stands there 2 times"),
        ('label = "Neglect"', 'label = ""', "kind neglect has no label"),
        ('8 = "domestic_abuse"', '8 = "unkind"', "needs: 8 points to 'unkind'"),
        ("version", "edition", "version"),
        ('"bruise"', '" "', "there is an empty entry"),
        ("[[kinds]]", "[[kinds", "safeguarding_words.toml"),
    ],
)
def test_a_list_that_cannot_be_used_is_named_at_the_start(tmp_path: Path, was: str, becomes: str, named: str) -> None:
    import services.referrals.rules.safeguarding_words as words

    text = Path(words.__file__).with_suffix(".toml").read_text(encoding="utf-8")
    assert was in text
    copy = tmp_path / "safeguarding_words.toml"
    copy.write_text(text.replace(was, becomes), encoding="utf-8")
    with pytest.raises(WordsWrong, match=named):
        read_sign_words(copy)
