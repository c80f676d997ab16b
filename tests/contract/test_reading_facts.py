"""What is read without the schema is what the schema would have read."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import shared.events  # noqa: F401 - declares them
from shared.messaging.contract import EVENTS, EventType, UnreadableFact

EXAMPLES = Path(__file__).parent / "examples"
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text()), st.just("2026-11-02"),
    st.just("2026-11-02T09:00:00"), st.just("2026-11-02T09:00:00Z"), st.just("7"), st.just({}),
    st.just("4bf92f35-77b3-4da6-a3ce-929d0e0e4736"),
)  # fmt: skip


def example_of(kind: EventType) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((EXAMPLES / f"{kind.name}.json").read_text(encoding="utf-8"))
    return data


def by_schema(kind: EventType, data: dict[str, Any]) -> Any:
    try:
        return kind.fact(**kind.schema.load(data))
    except Exception as refused:
        return type(refused).__name__


def by_reading(kind: EventType, data: dict[str, Any]) -> Any:
    try:
        return kind.load(data)
    except UnreadableFact:
        return "ValidationError"


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_example_is_read_without_the_schema_and_as_the_schema_reads_it(name: str) -> None:
    kind = EVENTS[name]
    data = example_of(kind)
    assert msgspec.convert(data, kind.fact) == by_schema(kind, data)


@given(st.data())
def test_whatever_comes_is_read_or_refused_as_the_schema_would(data: st.DataObject) -> None:
    kind = EVENTS[data.draw(st.sampled_from(sorted(EVENTS)))]
    sent = example_of(kind)
    for name in data.draw(st.sets(st.sampled_from(sorted(sent)))):
        if data.draw(st.booleans()):
            sent[name] = data.draw(ODD)
        else:
            del sent[name]
    sent["a field of tomorrow"] = 1
    assert by_reading(kind, sent) == by_schema(kind, sent)
