"""A family chooses among the national codes, in words of its own."""

from services.referrals.rules import choices, journey, plain_words


def test_every_code_has_plain_words_and_there_is_no_other() -> None:
    assert set(plain_words.NEEDS) == set(choices.needs())
    assert set(plain_words.DISABILITIES) == set(choices.disabilities())


def _content(asking: str, **details: str) -> dict[str, object]:
    return {"who": {"asking": asking}, "details": details}


def test_a_parent_who_asks_is_not_asked_for_their_name_again() -> None:
    said = _content("carer", name="Nora Ann Fennimore", phone="07700 900123", email="nora@post.example")
    assert journey.known_of(said, "adults") == {
        "given_name": "Nora Ann", "family_name": "Fennimore", "email": "nora@post.example", "mobile": "07700 900123",
    }  # fmt: skip
    assert journey.known_of(_content("carer", name="Nora", phone="01225 960001"), "adults") == {
        "given_name": "Nora", "family_name": "", "email": "",
    }  # fmt: skip


def test_nobody_else_is_taken_for_whoever_asks() -> None:
    said = _content("carer", name="Nora Fennimore")
    assert journey.known_of(said, "children") == {}
    assert journey.known_of({**said, "adults": [{"ref": "a1"}]}, "adults") == {}
    assert journey.known_of(_content("young_person", name="Jaz Cole", phone="07700 900111"), "children") == {
        "given_name": "Jaz", "family_name": "Cole",
    }  # fmt: skip
    for asking in ("professional", "young_person", "caller", "professional_caller"):
        assert journey.known_of(_content(asking, name="Nora Fennimore"), "adults") == {}
    assert [journey.is_self(said, "adults", ref) for ref in ("", "a1", "a2")] == [True, True, False]
