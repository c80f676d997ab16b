"""Families come on to a closed agenda by leave: numbered after the last, circulated as a supplement; nobody is lost."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from services.panel.actions import arrangements, late_items
from services.panel.jobs.agendas import circulate_supplements
from services.panel.tables import AgendaItemRow, ArrangementRow, MeetingRow, PanelRow, QueueEntryRow
from shared.errors import Conflict, Invalid, NotFound
from shared.events.panel import PapersCirculated, RequestPlaced
from shared.events.referrals import RequestWithdrawn
from shared.references import new_reference
from tests.integration.conftest import Running
from tests.integration.panel.asking import asks, comes, entry, items, next_meeting, set_places
from tests.integration.panel.sitting import Sitting


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def test_late_items_are_numbered_after_the_last_in_their_order_and_no_other_number_changes(sitting: Sitting) -> None:
    running = sitting.running
    set_places(running, 2)
    first = [asks(running, received_on=date(2026, 10, day)) for day in (1, 2)]
    meeting = closed(sitting)
    young, old = asks(running, received_on=date(2026, 10, 20)), asks(running, received_on=date(2026, 10, 10))
    answer = takes_late(sitting, meeting, young.request_id, old.request_id)
    assert answer.status_code == 302
    expected = [*first, old, young]
    assert [(one.number, one.reference) for one in items(running, meeting.id)] == [
        (number, fact.reference) for number, fact in enumerate(expected, 1)
    ]
    (kept,) = {(row.leave_by, row.reason, row.arranged_by) for row in arranged(sitting)}
    assert kept == (sitting.chair.person_id, "A baby is due.", sitting.coordinator.person_id)
    page = running.browser(sitting.member).get(f"/panel/meetings/{meeting.id}").text
    assert page.count("Late item") == 2
    assert "A baby is due." in page
    moved = [one for one in running.announced(RequestPlaced) if one.request_id == old.request_id][-1]
    assert moved.held_on == meeting.held_on
    assert moved.instead_of > meeting.held_on


def test_each_supplement_goes_to_the_members_once_and_has_its_own_papers(sitting: Sitting) -> None:
    running = sitting.running
    asks(running)
    meeting = closed(sitting)
    for number in (1, 2):
        takes_late(sitting, meeting, asks(running).request_id)
        assert circulate_supplements(running.resources) is True
        assert circulate_supplements(running.resources) is False
        told = [one for one in running.announced(PapersCirculated) if one.meeting_id == meeting.id]
        assert [(one.supplement, one.items) for one in told] == [(0, 1), *((one, 1) for one in range(1, number + 1))]
    assert [one.supplement for one in items(running, meeting.id)] == [0, 1, 2]
    page = running.browser(sitting.member).get(f"/panel/meetings/{meeting.id}").text
    assert page.count("Supplement 1 alone") == page.count("Supplement 2 alone") == 1
    assert "Paper being fetched" not in page


def test_while_the_front_door_is_away_a_late_item_waits_for_its_paper_and_says_so(sitting: Sitting) -> None:
    running = sitting.running
    meeting = closed(sitting)
    takes_late(sitting, meeting, asks(running).request_id)
    running.neighbours.is_away = True
    assert circulate_supplements(running.resources) is False
    assert "Paper being fetched" in running.browser(sitting.chair).get(f"/panel/meetings/{meeting.id}").text
    running.neighbours.is_away = False
    assert circulate_supplements(running.resources) is True


def test_a_late_item_that_leaves_before_its_supplement_went_out_keeps_its_number_and_is_not_sent(
    sitting: Sitting,
) -> None:
    running = sitting.running
    meeting = closed(sitting)
    leaving, staying = asks(running), asks(running)
    takes_late(sitting, meeting, leaving.request_id)
    takes_late(sitting, meeting, staying.request_id)
    running.hears(RequestWithdrawn(leaving.request_id, leaving.family_id, leaving.reference))
    circulate_supplements(running.resources)
    assert [(one.number, one.state, one.supplement) for one in items(running, meeting.id)] == [
        (1, "removed", None),
        (2, "placed", 1),
    ]


def test_a_family_can_come_late_by_its_reference_and_while_the_meeting_sits(sitting: Sitting) -> None:
    running = sitting.running
    asks(running)
    meeting = sitting.opened(sitting.next_meeting())
    fact = asks(running)
    answer = takes_late(sitting, meeting, reference=fact.reference.lower(), by="chair")
    assert answer.status_code == 302
    assert [one.reference for one in items(running, meeting)][-1] == fact.reference


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"reason": ""}, "Enter the reason"),
        ({"leave_by": ""}, "Select who gave leave"),
        ({"leave_by": str(uuid4())}, "Select who gave leave"),
        ({"request_ids": []}, "Select a request, or enter its reference"),
        ({"request_ids": [], "leave_by": ""}, "Select a request, or enter its reference"),
        ({"request_ids": [], "reference": "EH"}, "A reference looks like"),
        ({"request_ids": [], "reference": new_reference()}, "No request with this reference waits at this panel"),
    ],
)
def test_what_a_late_item_lacks_is_said_and_what_was_typed_stays(
    sitting: Sitting, typed: dict[str, Any], says: str
) -> None:
    meeting = closed(sitting)
    fact = asks(sitting.running)
    answer = takes_late(sitting, meeting, fact.request_id, **({"reason": "So it is."} | typed))
    assert answer.status_code == 422
    assert says in answer.text
    assert typed.get("reason", "So it is.") in answer.text
    assert list(items(sitting.running, meeting.id)) == []


def test_nothing_is_late_while_the_agenda_is_open_and_nobody_comes_twice(sitting: Sitting) -> None:
    running = sitting.running
    fact, other = asks(running), asks(running, panel_key="step-down", kind="step_down")
    own = next_meeting(running)
    body = {"request_ids": [str(fact.request_id)], "leave_by": str(sitting.chair.person_id), "reason": "x"}
    sitting.post(sitting.coordinator, f"/meetings/{own.id}/late-items", body, 409)
    meeting = closed(sitting)
    assert (
        "on this agenda already"
        in sitting.post(sitting.chair, f"/meetings/{meeting.id}/late-items", body, 409)["detail"]
    )
    elsewhere = body | {"request_ids": [str(other.request_id)]}
    assert (
        "another panel" in sitting.post(sitting.chair, f"/meetings/{meeting.id}/late-items", elsewhere, 409)["detail"]
    )
    nobody = body | {"leave_by": str(sitting.member.person_id)}
    sitting.post(sitting.chair, f"/meetings/{meeting.id}/late-items", nobody, 422)
    sitting.post(sitting.member, f"/meetings/{meeting.id}/late-items", body, 403)


_STEPS = st.sampled_from(
    ["asks", "asks", "late", "late", "puts_off", "sends_back", "withdraws", "closes", "circulates"]
)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(st.lists(st.tuples(_STEPS, st.integers(0, 5)), min_size=6, max_size=16))
def test_through_whatever_comes_and_goes_numbers_never_change_nobody_is_lost_and_the_overflow_is_shown(
    start: Callable[..., Running], steps: list[tuple[str, int]]
) -> None:
    sitting = Sitting(start("panel"))
    running = sitting.running
    set_places(running, 1)
    with running.database.begin() as session:
        session.execute(sa.update(MeetingRow).where(MeetingRow.held_on > date(2026, 12, 20)).values(places=0))
    families = [uuid4() for _ in range(4)]
    open_ones: set[UUID] = set()
    numbers: dict[UUID, int | None] = {}
    for what, number in [("asks", 0), ("closes", 0), *steps]:
        running.clock.at += timedelta(minutes=1)
        _step(sitting, what, number, families, open_ones)
        _check_numbers(sitting, numbers)
        _check_nobody_is_lost(sitting, open_ones)


def _step(sitting: Sitting, what: str, number: int, families: list[UUID], open_ones: set[UUID]) -> None:
    running = sitting.running
    if what == "asks":
        urgency = ["urgent", "routine"][number % 2]
        open_ones.add(asks(running, family_id=families[number % 4], urgency=urgency).request_id)
    elif what == "closes" and next_meeting(running).held_on < date(2026, 12, 20):
        comes(running, next_meeting(running).agenda_closes_at)
    elif what == "circulates":
        circulate_supplements(running.resources)
    elif what == "withdraws" and open_ones:
        gone = entry(running, open_ones.pop())
        running.hears(RequestWithdrawn(gone.request_id, gone.family_id, gone.reference))
    elif open_ones and _is_arranged(sitting, what, sorted(open_ones)[number % len(open_ones)], number):
        open_ones.difference_update([sorted(open_ones)[number % len(open_ones)]] if what == "sends_back" else [])


def _is_arranged(sitting: Sitting, what: str, one: UUID, number: int) -> bool:
    """Arrange something about a request; say whether it was not refused."""
    wait, by, now = entry(sitting.running, one), sitting.coordinator.person_id, sitting.running.clock.at
    known: dict[str, Any] = {"reason": "x", "by": by, "now": now}
    after = date(2026, 11, 5) + timedelta(weeks=2 * number)
    try:
        with sitting.running.database.begin() as session:
            if what == "late":
                late_items.take_late(session, _last_closed(sitting), [one], leave_by=sitting.chair.person_id, **known)
            elif what == "puts_off":
                arrangements.put_off(session, one, entry_id=wait.id, not_before=after, **known)
            elif what == "sends_back":
                arrangements.send_back(session, one, entry_id=wait.id, because="moved_away", **known)
    except (Conflict, Invalid, NotFound):
        return False
    return True


def _check_numbers(sitting: Sitting, numbers: dict[UUID, int | None]) -> None:
    with sitting.running.database.read() as session:
        rows = session.execute(
            sa.select(AgendaItemRow.id, AgendaItemRow.meeting_id, AgendaItemRow.number).where(
                AgendaItemRow.number.is_not(None)
            )
        ).all()
    assert {row.id: row.number for row in rows}.items() >= numbers.items()
    numbers.update({row.id: row.number for row in rows})
    for meeting_id, count in Counter(row.meeting_id for row in rows).items():
        assert sorted(row.number for row in rows if row.meeting_id == meeting_id) == list(range(1, count + 1))


def _check_nobody_is_lost(sitting: Sitting, open_ones: set[UUID]) -> None:
    with sitting.running.database.read() as session:
        waits = session.execute(
            sa.select(QueueEntryRow.request_id, QueueEntryRow.state, QueueEntryRow.family_id, AgendaItemRow.id)
            .outerjoin(
                AgendaItemRow,
                sa.and_(AgendaItemRow.queue_entry_id == QueueEntryRow.id, AgendaItemRow.state == "placed"),
            )
            .where(QueueEntryRow.state.in_(("waiting", "placed")))
        ).all()
    assert Counter(row.request_id for row in waits) == dict.fromkeys(open_ones, 1)
    assert all((row.id is not None) == (row.state == "placed") for row in waits)
    (shown,) = [one for one in sitting.get(sitting.chair, "/queue")["places"] if one["panel"] == "ehap"]
    assert shown["families_without_place"] == len({row.family_id for row in waits if row.state == "waiting"})


def _last_closed(sitting: Sitting) -> UUID:
    with sitting.running.database.read() as session:
        found = session.scalar(
            sa.select(MeetingRow.id)
            .join(PanelRow)
            .where(PanelRow.key == "ehap", MeetingRow.state == "agenda_closed")
            .order_by(MeetingRow.held_on.desc())
            .limit(1)
        )
    assert found is not None
    return found


def closed(sitting: Sitting) -> MeetingRow:
    """Close the agenda of the next meeting; return it."""
    meeting = next_meeting(sitting.running)
    comes(sitting.running, meeting.agenda_closes_at)
    return meeting


def takes_late(
    sitting: Sitting, meeting: MeetingRow | UUID, *request_ids: UUID, by: str = "coordinator", **typed: Any
) -> TestResponse:
    """Take requests as late items as a person of the panel; `typed` changes what the form says."""
    form = {
        "request_ids": [str(one) for one in request_ids],
        "leave_by": str(sitting.chair.person_id),
        "reason": "A baby is due.",
    }
    meeting_id = meeting if isinstance(meeting, UUID) else meeting.id
    browser = sitting.running.browser(getattr(sitting, by))
    return browser.post(f"/panel/meetings/{meeting_id}/late-items", data=form | typed)


def arranged(sitting: Sitting) -> list[ArrangementRow]:
    """Return everything that was arranged by hand."""
    with sitting.running.database.read() as session:
        return list(session.scalars(sa.select(ArrangementRow)))
