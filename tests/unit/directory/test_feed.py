import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.rules.feed import NEEDS_TAXONOMY, as_hsds, read_service, stays_open
from shared.codes import code_set
from shared.errors import Invalid

NEEDS = code_set("need")
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def a_service(**changes: Any) -> dict[str, Any]:
    service: dict[str, Any] = {
        "id": "45eb2e0c-217e-5678-8b03-a1c90f2e9c60",
        "name": "Stay and play",
        "organization": {"id": "83b30cc6-50b4-5e92-b7b5-28e34e304cb0", "name": "Lantern"},
    }
    return {name: value for name, value in (service | changes).items() if value is not ...}


def _term(code: str, taxonomy: str = NEEDS_TAXONOMY) -> dict[str, Any]:
    return {"taxonomy_term": {"code": code, "taxonomy_detail": taxonomy}}


def is_read_or_refused(record: Any) -> bool:
    try:
        read_service(record, NEEDS)
    except Invalid as refusal:
        return bool(refusal.errors)
    return True


def errors_of(record: Any) -> Any:
    with pytest.raises(Invalid) as refusal:
        read_service(record, NEEDS)
    return refusal.value.errors


def test_the_least_that_a_service_says_is_enough() -> None:
    service = read_service(a_service(), NEEDS)
    assert (service.name, service.agency.name, service.status, service.needs) == (
        "Stay and play",
        "Lantern",
        "active",
        (),
    )
    assert service.agency.id == UUID("83b30cc6-50b4-5e92-b7b5-28e34e304cb0")


def test_nothing_of_the_feed_is_lost() -> None:
    record = a_service(languages=[{"name": "Polish"}], something_new={"of": ["HSDS", 4.1]})
    assert read_service(record, NEEDS).source == record


def test_needs_are_read_from_their_taxonomy_only_and_in_order() -> None:
    attributes = [_term("10"), _term("2"), _term("2"), _term("99"), _term("3", "Somebody else's list"), {}, "junk"]
    assert read_service(a_service(attributes=attributes), NEEDS).needs == ("2", "10")


def test_the_first_telephone_number_is_found_where_feeds_put_it() -> None:
    contacts = [{"name": "Desk"}, {"phones": [{"number": " 01632 960101 "}]}]
    assert read_service(a_service(contacts=contacts), NEEDS).phone == "01632 960101"
    assert read_service(a_service(phones="none", contacts=None), NEEDS).phone == ""


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"id": ...}, ["id"]),
        ({"id": "seven"}, ["id"]),
        ({"name": ""}, ["name"]),
        ({"name": None}, ["name"]),
        ({"organization": ...}, ["organization"]),
        ({"organization": "Lantern"}, ["organization"]),
        ({"organization": {"id": "83b30cc6-50b4-5e92-b7b5-28e34e304cb0"}}, ["organization", "name"]),
        ({"status": "open"}, ["status"]),
        ({"minimum_age": -1}, ["minimum_age"]),
        ({"assured_date": "31 February"}, ["assured_date"]),
        ({"description": "a\x00b"}, ["_schema"]),
        ({"latitude": float("nan")}, ["_schema"]),
        ({"note": "\ud800"}, ["_schema"]),
    ],
)
def test_what_cannot_be_read_is_named_at_its_place(changes: dict[str, Any], place: list[str]) -> None:
    errors = errors_of(a_service(**changes))
    for name in place:
        assert name in errors, errors
        errors = errors[name]


@given(_json)
def test_whatever_comes_is_read_or_refused(record: Any) -> None:
    assert is_read_or_refused(record)


@given(st.sampled_from(["name", "organization", "attributes", "contacts", "phones", "status", "minimum_age"]), _json)
def test_whatever_stands_in_one_place_is_read_or_refused(place: str, value: Any) -> None:
    assert is_read_or_refused(a_service(**{place: value}))


def test_a_service_that_is_nested_without_end_is_refused() -> None:
    deep: Any = []
    for _ in range(500):
        deep = [deep]
    assert "_schema" in errors_of(a_service(attributes=deep))


def test_what_somebody_here_closed_stays_closed_until_the_feed_says_something_new() -> None:
    assert not stays_open(is_open=False, status_before="active", status_now="active")
    assert not stays_open(is_open=True, status_before="active", status_now="inactive")
    assert stays_open(is_open=False, status_before="inactive", status_now="active")


def test_our_own_feed_says_whether_a_service_takes_families_now() -> None:
    assert as_hsds({"status": "active"}, is_open=False)["status"] == "temporarily closed"
    assert as_hsds({"status": "defunct"}, is_open=False)["status"] == "defunct"
    assert as_hsds({"status": "inactive"}, is_open=True)["status"] == "active"


@pytest.mark.parametrize("authority", ["bathnes", "gloucestershire"])
def test_every_sample_service_can_be_read_and_helps_with_something(authority: str) -> None:
    path = Path(__file__).parents[3] / "samples" / authority / "directory.json"
    for record in json.loads(path.read_text(encoding="utf-8"))["contents"]:
        assert read_service(record, NEEDS).needs
