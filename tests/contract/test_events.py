"""Every event: an example, a round trip, an owner, a reader, and no personal data."""

import json
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from uuid import UUID

import pytest

import shared.events  # noqa: F401 - declares them
from shared.messaging.contract import EVENTS, EventType, UnreadableFact
from shared.service import SERVICES, Service

_EXAMPLES = Path(__file__).parent / "examples"
_EARLIER = _EXAMPLES / "earlier"
"""Examples as they were before a field was added, each in the folder of its event, by the day it ended: never changed."""
_PERSONAL = ("email", "phone", "mobile", "address", "postcode", "birth", "note", "reasons", "given", "family_name")
_READERS: list[Service] = [import_module(f"services.{name}.app").SERVICE for name in SERVICES]


@pytest.fixture(params=sorted(EVENTS))
def kind(request: pytest.FixtureRequest) -> EventType:
    return EVENTS[request.param]


def _example(kind: EventType) -> dict[str, object]:
    path = _EXAMPLES / f"{kind.name}.json"
    assert path.exists(), f"give an example: tests/contract/examples/{path.name}"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def test_the_example_is_read_and_written_back_as_it_was(kind: EventType) -> None:
    assert kind.dump(kind.load(_example(kind))) == _example(kind)


def test_a_field_that_this_code_does_not_know_is_ignored(kind: EventType) -> None:
    assert kind.load(_example(kind) | {"added_next_year": 1}) == kind.load(_example(kind))


@pytest.mark.parametrize("path", sorted(_EARLIER.glob("*/*.json")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_was_sent_earlier_is_still_read(path: Path) -> None:
    earlier = json.loads(path.read_text(encoding="utf-8"))
    kind = EVENTS[path.parent.name]
    assert kind.dump(kind.load(earlier)).items() >= earlier.items()


def test_a_missing_field_is_refused_unless_it_has_a_default(kind: EventType) -> None:
    for name, field in kind.schema.fields.items():
        data = _example(kind)
        data.pop(name)
        if field.required:
            with pytest.raises(UnreadableFact, match=name):
                kind.load(data)
        else:
            kind.load(data)


def test_the_owner_is_a_service_and_the_name_has_a_version(kind: EventType) -> None:
    assert kind.owner in SERVICES
    assert kind.version >= 1


def test_the_ordering_key_is_one_of_its_fields(kind: EventType) -> None:
    assert kind.key in kind.schema.fields


def test_somebody_reads_it(kind: EventType) -> None:
    assert any(kind.name in service.events.topics for service in _READERS), "an event that nobody reads is not needed"


def test_no_field_is_one_for_personal_data(kind: EventType) -> None:
    for name in kind.schema.fields:
        assert not any(word in name for word in _PERSONAL), f"{kind.name} would carry {name} over the broker"


def test_every_example_belongs_to_an_event() -> None:
    assert {path.stem for path in _EXAMPLES.glob("*.json")} <= set(EVENTS)


def test_facts_are_made_of_plain_values_only(kind: EventType) -> None:
    fact = kind.load(_example(kind))
    for value in vars(fact).values():
        assert value is None or isinstance(value, UUID | str | int | bool | date | datetime | tuple)
