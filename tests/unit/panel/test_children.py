"""Where a decision differs for a child."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.panel.rules.children import CHILD_OUTCOMES, ChildDecision, check_children, positions
from services.panel.rules.decisions import OUTCOMES, Follows
from shared.errors import Invalid

REFS = ["c1", "c2", "c3"]
SERVICE = uuid4()


def child(**said: object) -> ChildDecision:
    return ChildDecision(**({"child_ref": "c1", "note": "Because."} | said))  # type: ignore[arg-type]


def fault_of(*children: ChildDecision, outcome: str = "allocate") -> dict[int, dict[str, list[str]]]:
    with pytest.raises(Invalid) as refusal:
        check_children(children, REFS, outcome=outcome)
    faults: dict[int, dict[str, list[str]]] = refusal.value.errors["children"]
    return faults


def test_a_child_can_go_to_a_service_of_its_own() -> None:
    check_children([child(service_id=SERVICE)], REFS, outcome="allocate")
    check_children([child(outcome="allocate", service_id=SERVICE)], REFS, outcome="signpost")


def test_a_child_of_another_family_is_refused() -> None:
    assert "child_ref" in fault_of(child(child_ref="c9", outcome="signpost"))[0]


def test_a_child_is_answered_for_once() -> None:
    assert list(fault_of(child(outcome="signpost"), child(outcome="step_up"))) == [1]


def test_a_service_is_chosen_where_a_child_is_allocated_only() -> None:
    assert "service_id" in fault_of(child(outcome="signpost", service_id=SERVICE))[0]
    assert "service_id" in fault_of(child(outcome="allocate"), outcome="signpost")[0]


def test_what_is_different_has_a_reason() -> None:
    assert "note" in fault_of(child(outcome="signpost", note=""))[0]
    assert "note" in fault_of(child(note=""))[0]


@given(
    outcome=st.sampled_from(sorted(OUTCOMES)),
    own=st.sampled_from(["", *sorted(OUTCOMES)]),
    service=st.none() | st.just(SERVICE),
)
def test_no_child_is_put_off_alone_or_allocated_without_a_service(outcome: str, own: str, service: UUID | None) -> None:
    try:
        check_children([child(outcome=own, service_id=service)], REFS, outcome=outcome)
    except Invalid:
        return
    assert OUTCOMES[outcome].follows is not Follows.QUEUED
    assert own in ("", *CHILD_OUTCOMES)
    assert service is None or (own or outcome) == "allocate"
    assert own != "allocate" or outcome == "allocate" or service is not None


def test_children_have_their_places_in_the_paper() -> None:
    assert positions({"children": [{"ref": "b"}, {"ref": "a"}]}) == {"b": 1, "a": 2}
    assert positions({}) == {}
