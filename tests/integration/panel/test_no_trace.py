"""Whoever has no part in a family comes upon it at no address of the service: every route is tried with every id."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.identity import Person
from tests.integration.conftest import Running
from tests.integration.panel.hidden_families import Hidden, text_of

Start = Callable[..., Running]
Traces = dict[str, set[str]]


def traces(hidden: Hidden, person: Person, method: str) -> Traces:
    """Return what of the families a person finds, by the route at which they do."""
    marks = hidden.marks()
    found: Traces = {}
    browser, bearer = hidden.running.browser(person), hidden.running.bearer(person)
    for endpoint, address in hidden.addresses(method):
        asked: dict[str, Any] = {"headers": bearer} if "/api/" in address else {}
        asked |= {"json": {}} if "/api/" in address and method == "POST" else {}
        answer = browser.open(address, method=method, **asked)
        assert answer.status_code != 500, f"{method} {address}: {answer.status_code}"
        said = text_of(answer)
        if seen := {what for what, mark in marks.items() if mark in said}:
            found.setdefault(f"{method} {endpoint}", set()).update(seen)
    return found


def finds_nothing(hidden: Hidden, person: Person) -> None:
    found = traces(hidden, person, "GET") | traces(hidden, person, "POST")
    assert not found, "\n".join(f"{route}: {sorted(seen)}" for route, seen in sorted(found.items()))


@pytest.mark.slow
def test_nobody_of_an_excluded_agency_finds_a_family_at_any_address(start: Start) -> None:
    hidden = Hidden(start("panel"))
    for seat in ("chair", "coordinator", "member"):
        finds_nothing(hidden, hidden.people[seat])


@pytest.mark.slow
def test_whoever_declared_a_conflict_finds_the_family_at_no_address_and_others_do(start: Start) -> None:
    hidden = Hidden(start("panel"), not_with=())
    coordinator = hidden.sitting.coordinator
    found = traces(hidden, coordinator, "GET")
    assert len(found) >= 30, f"The walk comes upon too little to prove anything: {sorted(found)}"
    assert set.union(*found.values()) == hidden.marks().keys()
    hidden.declares(coordinator)
    finds_nothing(hidden, coordinator)
