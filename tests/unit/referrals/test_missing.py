"""Not known, refused, not yet found out, not asked, and left empty: five answers that never become one another."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from services.panel.rules.paper import paper_in_lines
from services.referrals.actions.document_rows import write_rows
from services.referrals.api.paper import paper_of
from services.referrals.document import RequestDocument
from services.referrals.rules.missing import WHY, answered_ethnicity, missing, national_ethnicity
from services.referrals.rules.questions import (
    COLUMNS_OF_ADULTS,
    COLUMNS_OF_CHILDREN,
    COLUMNS_OF_REQUESTS,
    OF_ADULTS,
    OF_CHILDREN,
    OF_REQUESTS,
    Question,
)
from services.referrals.tables import AddressRow, AdultRow, ChildRow, ConsentRow, RequestRow
from shared.authority import load_profile
from shared.rows import RowSession
from tests.integration.referrals.documents import a_document

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
_OF = {
    "children": (COLUMNS_OF_CHILDREN, OF_CHILDREN),
    "adults": (COLUMNS_OF_ADULTS, OF_ADULTS),
    "": (COLUMNS_OF_REQUESTS, OF_REQUESTS),
}
PLACES = [
    (group, name)
    for group, (columns, questions) in _OF.items()
    for name in (*columns, *(question.name for question in questions))
]
MAY_BE_EMPTY = [place for place in PLACES if place[1] not in ("ethnicity", "disabilities")]
whys = st.sampled_from(sorted(WHY))


def _put(document: dict[str, Any], place: tuple[str, str], answer: Any) -> None:
    group, name = place
    (document[group][0] if group else document)[name] = answer


def _kept(document: dict[str, Any]) -> RequestRow:
    session = RowSession(bind=None)
    arrived = {
        "id": uuid4(),
        "family_id": uuid4(),
        "reference": "EH7K-3QWD",
        "received_at": NOW,
        "arrived_by": "portal",
    }
    write_rows(session, RequestDocument().load(document), arrived, recorded_by="portal")
    rows = {insert.table.name: written for insert, written in session.rows.items()}
    [request] = rows["request"]
    return RequestRow(
        **request,
        children=[ChildRow(**child) for child in rows["child"]],
        adults=[AdultRow(**_as_attributes(adult)) for adult in rows["adult"]],
        addresses=[AddressRow(**address) for address in rows["address"]],
        consents=[ConsentRow(**consent) for consent in rows["consent"]],
    )


def _as_attributes(adult: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{name}_" if name == "relationship" else name: value for name, value in adult.items()}


def _part(row: RequestRow, group: str) -> Any:
    return getattr(row, group)[0] if group else row


@given(st.sampled_from(PLACES), whys)
def test_each_reason_is_kept_as_it_was_given(place: tuple[str, str], why: str) -> None:
    document = a_document()
    _put(document, place, missing(why))
    assert _part(_kept(document), place[0]).missing[place[1]] == why


@given(st.sampled_from(MAY_BE_EMPTY), whys)
def test_what_is_left_empty_is_not_said_to_be_missing(place: tuple[str, str], why: str) -> None:
    document = a_document()
    _put(document, place, missing(why))
    empty = a_document()
    (empty[place[0]][0] if place[0] else empty).pop(place[1], None)
    assert place[1] in _part(_kept(document), place[0]).missing
    assert place[1] not in _part(_kept(empty), place[0]).missing


@pytest.mark.parametrize("question", [*OF_CHILDREN, *OF_ADULTS, *OF_REQUESTS], ids=lambda question: question.name)
def test_no_question_takes_an_empty_answer_for_a_no(question: Question) -> None:
    assert "empty" not in question.hint


@given(st.sampled_from(PLACES))
def test_a_reason_that_nobody_knows_is_refused(place: tuple[str, str]) -> None:
    document = a_document()
    _put(document, place, {"missing": "lost"})
    with pytest.raises(ValidationError, match="one of not_known, refused"):
        RequestDocument().load(document)


@given(st.sampled_from(PLACES), whys)
def test_the_family_s_paper_says_why_in_words(place: tuple[str, str], why: str) -> None:
    document = a_document()
    _put(document, place, missing(why))
    authority = load_profile("bathnes").newest
    row = _kept(document)
    paper = paper_of(row, authority, NOW.date())
    assert WHY[why] in str(paper_in_lines(paper, NOW.date()))


@given(whys)
def test_attendance_may_be_missing_at_a_school_that_is_known(why: str) -> None:
    row = _kept(a_document(child={"school": {"name": "Larkhall Infants", "attendance_percent": missing(why)}}))
    [child] = row.children
    assert (child.school_name, child.attendance_percent) == ("Larkhall Infants", None)
    assert child.missing["attendance_percent"] == why
    lines = str(paper_in_lines(paper_of(row, load_profile("bathnes").newest, NOW.date()), NOW.date()))
    assert f"('Attendance', '{WHY[why]}')" in lines


@given(st.sampled_from([None, 0, 93]))
def test_an_attendance_that_is_given_or_left_empty_is_not_missing(percent: int | None) -> None:
    row = _kept(a_document(child={"school": {"name": "Larkhall Infants", "attendance_percent": percent}}))
    [child] = row.children
    assert child.attendance_percent == percent
    assert "attendance_percent" not in child.missing


@given(whys)
def test_the_national_code_set_says_two_of_the_four(why: str) -> None:
    code = national_ethnicity(missing(why))
    assert code in ("REFU", "NOBT")
    assert answered_ethnicity(code) == missing("refused" if why == "refused" else "not_yet_obtained")


@given(st.sampled_from(["WBRI", "WROM", "ABAN"]))
def test_an_ethnic_group_that_was_given_stays_what_it_is(code: str) -> None:
    assert national_ethnicity(answered_ethnicity(code)) == code
