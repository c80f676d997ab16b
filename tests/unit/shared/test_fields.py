from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict

from shared.london import time_in_words
from shared.web.fields import Choice, Choices, ClockTime, Day, Email, Line, NhsNumber, Phone, Postcode, Upn, Words
from shared.web.forms import PageForm, read_form


class _Child(PageForm):
    given_name = Line("First name", required=True)
    born_on = Day("Date of birth", required=True, past=True)
    sex = Choice("Sex", {"F": "Female", "M": "Male"}, required=True)
    needs = Choices("Needs", ["1", "2"], fewest=1)


def _load(field: Any, value: Any) -> Any:
    return Schema.from_dict({"value": field})().load({"value": value})["value"]


@pytest.mark.parametrize("name", ["O'Brien", "Nguyễn", "Siobhán", "Łukasz", "محمد", "李小龍", "Šárka-Ann", "Ng"])
def test_a_name_may_have_the_letters_of_any_language(name: str) -> None:
    assert _load(Line("Name"), f"  {name} ") == name


@pytest.mark.parametrize("text", ["a\x00b", "a\x07b", "a\ud800b", "a\u2028b", "a\nb"])
def test_a_line_refuses_what_cannot_be_kept_on_one_line(text: str) -> None:
    with pytest.raises(ValidationError):
        _load(Line("Name"), text)


@given(st.text(max_size=300))
def test_words_are_kept_or_refused_but_never_changed_beyond_trimming_and_line_ends(text: str) -> None:
    import unicodedata

    try:
        kept = _load(Words("What is working well"), text)
    except ValidationError:
        return
    assert kept == unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


@pytest.mark.parametrize(
    ("boxes", "message"),
    [
        (("31", "2", "2017"), "must be a real date"),
        (("1", "1", "2091"), "must be today or in the past"),
        (("", "1", "2017"), "must include a day"),
        (("1", "", ""), "must include a month and a year"),
        (("", "", ""), "Enter date of birth"),
        (("x", "1", "2017"), "must be a real date"),
        (("1", "1", "17"), "with a year of four numbers"),
        (("1", "1", "1850"), "must be after 1900"),
    ],
)
def test_a_date_says_what_is_wrong_with_it(boxes: tuple[str, str, str], message: str) -> None:
    typed = dict(zip(("born_on-day", "born_on-month", "born_on-year"), boxes, strict=True))
    assert message in read_form(_Child(), MultiDict(typed)).errors["born_on"]


def test_a_form_with_errors_keeps_everything_that_was_typed_and_links_each_error_to_its_box() -> None:
    typed = MultiDict({"given_name": "Ana", "born_on-day": "31", "born_on-month": "2", "born_on-year": "2017"})
    form = read_form(_Child(), typed)
    assert form.entered["given_name"] == "Ana"
    assert form.entered["born_on"] == {"day": "31", "month": "2", "year": "2017"}
    assert [link["href"] for link in form.summary] == ["#born_on-day", "#sex", "#needs"]


def test_a_right_form_gives_its_values() -> None:
    typed = MultiDict([("given_name", "Ana"), ("born_on-day", "1"), ("born_on-month", "2"), ("born_on-year", "2017")])
    typed.add("sex", "F")
    typed.add("needs", "1")
    typed.add("needs", "2")
    assert read_form(_Child(), typed).values == {
        "given_name": "Ana",
        "born_on": date(2017, 2, 1),
        "sex": "F",
        "needs": ["1", "2"],
    }


@pytest.mark.parametrize("number", ["1111111111", "0000000000", "943 476 5918", "¹²³4567890", "٩٤٣٤٧٦٥٩١٩"])
def test_a_wrong_nhs_number_is_refused(number: str) -> None:
    with pytest.raises(ValidationError):
        _load(NhsNumber("NHS number"), number)


def test_identifiers_are_written_one_way() -> None:
    assert _load(NhsNumber("NHS number"), "9434765919") == "943 476 5919"
    assert _load(Upn("UPN"), "b801200005001") == "B801200005001"
    assert _load(Postcode("Postcode"), "ba15aw") == "BA1 5AW"
    assert _load(Phone("Phone"), "+44 7700 900982") == "07700 900982"


@pytest.mark.parametrize(
    ("field", "value"),
    [(Email("E-mail"), "a@localhost@"), (Phone("Phone"), "12"), (Postcode("Postcode"), "BA1"), (Upn("UPN"), "X1")],
)
def test_what_is_none_of_its_kind_is_refused(field: Any, value: str) -> None:
    with pytest.raises(ValidationError):
        _load(field, value)


@pytest.mark.parametrize("value", [7, None, ["a"], {"a": 1}])
def test_json_of_the_wrong_type_is_refused_not_converted(value: Any) -> None:
    with pytest.raises(ValidationError):
        _load(Line("Name", required=True), value)


def test_a_message_is_a_sentence_also_where_a_label_begins_with_an_article() -> None:
    assert Choice("A role", ["x"]).error_messages["required"] == "Select a role"
    assert Line("NHS number", required=True).error_messages["required"] == "Enter NHS number"


@given(st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_a_time_can_be_typed_as_pages_show_it(at: time) -> None:
    assert _load(ClockTime("The time"), time_in_words(at)) == f"{at:%H:%M}"
