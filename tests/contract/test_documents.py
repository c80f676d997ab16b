"""The documents: in step with the code, and those of the events true of what is really sent, and valid AsyncAPI 3."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
import pytest

from deploy.setup.asyncapi import schema_in
from docs import authorities
from docs import events as docs
from shared.messaging.contract import EVENTS
from shared.messaging.envelope import Envelope

_EXAMPLES = Path(__file__).parent / "examples"
_PROJECT = Path(__file__).parents[2]


@pytest.fixture(params=sorted(EVENTS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _sent(name: str) -> dict[str, Any]:
    data = json.loads((_EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    number, at = UUID(int=1), datetime(2026, 11, 12, 9, tzinfo=UTC)
    return Envelope(number, name, str(number), 1, data, "request", at).as_json()


def _faults(name: str, message: dict[str, Any]) -> list[str]:
    checker = jsonschema.Draft202012Validator(docs.schema_of(name), format_checker=jsonschema.FormatChecker())
    return [fault.json_path for fault in checker.iter_errors(message)]


def test_the_documents_are_what_the_code_says_now() -> None:
    there = [docs.PAGE, docs.DOCUMENT, *docs.SCHEMAS.iterdir()]
    assert {path: path.read_text(encoding="utf-8") for path in there} == docs.files(), "run `make events`"


def test_the_page_of_the_authorities_is_what_their_profiles_say_now() -> None:
    assert authorities.PAGE.read_text(encoding="utf-8") == authorities.page(), "run `make authorities`"


def test_what_is_sent_fits_its_schema(name: str) -> None:
    assert _faults(name, _sent(name)) == []


def test_what_lacks_a_field_does_not_fit(name: str) -> None:
    message = _sent(name)
    required = next(field for field, about in EVENTS[name].schema.fields.items() if about.required)
    del message["data"][required]
    assert _faults(name, message) == ["$.data"]


def test_the_document_is_valid_asyncapi() -> None:
    official = json.loads(schema_in(_PROJECT).read_text(encoding="utf-8"))
    faults = list(jsonschema.Draft7Validator(official).iter_errors(docs.document()))
    assert [fault.json_path for fault in faults] == []


def test_every_reference_in_the_document_leads_somewhere() -> None:
    document = docs.document()
    for reference in _references(document):
        place: Any = document
        for part in reference.removeprefix("#/").split("/"):
            assert part in place, reference
            place = place[part]


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        here = [part["$ref"]] if "$ref" in part else []
        return here + [found for value in part.values() for found in _references(value)]
    return [found for value in part for found in _references(value)] if isinstance(part, list) else []
