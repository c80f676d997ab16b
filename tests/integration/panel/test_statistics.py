"""What is counted of a panel's meetings: families and children, waits, answers, attendance; and months that stay."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.panel.jobs.decisions import carry_ratifications
from services.panel.jobs.statistics import count_last_month
from services.panel.queries.snapshots import Snapshot, snapshot_of
from services.panel.queries.statistics import different_families, figures_of
from services.panel.rules.periods import Period, month_of
from services.panel.rules.statistics import Count, Figures
from services.panel.tables import AttendanceRow, MeetingRow, MonthSnapshotRow, PanelRow, SeatRow
from shared.london import london_date
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting
from tests.integration.panel.test_consent import is_fetched


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


ALWAYS = Period(date(2026, 1, 1), date(2027, 12, 31))


def panel_ids(sitting: Sitting, key: str = "ehap") -> list[UUID]:
    with sitting.running.database.read() as session:
        return list(session.scalars(sa.select(PanelRow.id).where(PanelRow.key == key)))


def counted(sitting: Sitting, period: Period = ALWAYS, key: str = "ehap") -> Figures:
    ids = panel_ids(sitting, key)
    with sitting.running.database.read() as session:
        return figures_of(session, ids, period)


def at_a_meeting(sitting: Sitting, *outcomes: str) -> UUID:
    """Bring as many families to a meeting as there are outcomes, and end it; return its id."""
    requests = [sitting.asks() for _ in outcomes]
    meeting_id = sitting.opened(sitting.next_meeting())
    for request_id, outcome in zip(requests, outcomes, strict=True):
        sitting.decides(sitting.item_at(request_id, meeting_id), outcome)
    end(sitting, meeting_id)
    return meeting_id


def end(sitting: Sitting, meeting_id: UUID) -> None:
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {"not_heard_because": "capacity"}, 200)


def held_on(sitting: Sitting, meeting_id: UUID) -> date:
    with sitting.running.database.read() as session:
        return session.get_one(MeetingRow, meeting_id).held_on


def test_families_and_children_are_counted_under_what_was_decided(sitting: Sitting) -> None:
    at_a_meeting(sitting, "allocate", "allocate", "signpost", "not_accepted", "carry_over")
    figures = counted(sitting)
    assert figures.meetings == 1
    assert figures.of("on_agendas") == Count(5, 10)
    assert figures.of("heard") == Count(4, 8)
    assert figures.of("outcome", "allocate") == Count(2, 4)
    assert figures.of("outcome", "carry_over") == Count(1, 2)
    assert figures.of("carried_over", "capacity") == Count(1, 2)
    assert figures.of("not_accepted", "below_threshold") == Count(1, 2)
    assert figures.counts["panel"] == {"ehap": Count(4, 8)}
    assert figures.counts["level"] == {"bathnes|2024|3": Count(4, 8)}
    assert figures.counts["agency"] == {str(sitting.agency_id): Count(2, 4)}
    assert figures.counts["need"] == {"5": Count(2, 4)}


def test_a_corrected_decision_counts_as_what_stands(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting_id = sitting.opened(sitting.next_meeting())
    item_id = sitting.item_at(request_id, meeting_id)
    first = sitting.decides(item_id, "allocate")
    sitting.decides(item_id, "signpost", supersedes=first["decision_id"])
    end(sitting, meeting_id)
    assert counted(sitting).counts["outcome"] == {"signpost": Count(1, 2)}


def test_a_child_decided_about_otherwise_counts_there_and_its_family_once(sitting: Sitting) -> None:
    # Three families of two children: one is allocated, but for a child that is signposted and one of another agency.
    own_way = {"child_ref": "c1", "outcome": "signpost", "note": "Dance lessons"}
    own_service = {"child_ref": "c1", "service_id": str(sitting.other_service_id), "note": "A flat of her own"}
    requests = [sitting.asks() for _ in range(3)]
    meeting_id = sitting.opened(sitting.next_meeting())
    items = [sitting.item_at(request_id, meeting_id) for request_id in requests]
    sitting.decides(items[0], "allocate", children=[own_way])
    asked = sitting.action(agency_id=str(sitting.other_agency_id))
    sitting.decides(items[1], "allocate", children=[own_service], actions=[asked])
    sitting.decides(items[2], "signpost")
    figures = counted(sitting)
    assert figures.of("heard") == Count(3, 6)
    assert figures.counts["outcome"] == {"allocate": Count(2, 3), "signpost": Count(1, 3)}
    assert figures.counts["agency"] == {
        str(sitting.agency_id): Count(2, 2),
        str(sitting.other_agency_id): Count(0, 1),
    }
    assert figures.counts["need"] == {"5": Count(2, 3)}
    assert figures.counts["level"] == {"bathnes|2024|3": Count(3, 6)}
    with sitting.running.database.read() as session:
        assert different_families(session, panel_ids_of(session), ALWAYS) == Count(3, 6)


def test_an_urgent_decision_counts_once_with_the_wait_until_it_was_made(sitting: Sitting) -> None:
    request_id, heard = sitting.asks(), sitting.asks()
    body = sitting.decision("allocate") | {"urgent_because": "They move on Monday.", "consulted": "Mo Member"}
    decided_on = london_date(sitting.running.clock.at)
    is_fetched(sitting)
    made = sitting.post(sitting.chair, f"/requests/{request_id}/urgent-decision", body)
    first = sitting.opened(sitting.next_meeting())
    sitting.decides(sitting.item_at(heard, first), "signpost")
    end(sitting, first)
    carry_ratifications(sitting.running.resources, sitting.running.clock.at)
    second = sitting.opened(sitting.next_meeting())
    ratification = {"decision_id": made["decision_id"], "note": ""}
    item_id = sitting.item_at(request_id, second)
    sitting.post(sitting.coordinator, f"/items/{item_id}/ratification", ratification, 204)
    end(sitting, second)
    figures = counted(sitting)
    assert figures.counts["outcome"] == {"allocate": Count(1, 2), "signpost": Count(1, 2)}
    assert figures.of("on_agendas") == figures.of("heard") == Count(2, 4)
    assert figures.counts["waited_allocated"] == {str((decided_on - date(2026, 10, 30)).days): Count(1, 2)}


def test_what_was_needed_and_nobody_could_give_is_counted_by_need(sitting: Sitting) -> None:
    requests = [sitting.asks() for _ in range(3)]
    meeting_id = sitting.opened(sitting.next_meeting())
    unmet: list[dict[str, Any]] = [{"unmet_needs": ["9", "3"]}, {"unmet_needs": ["9"]}, {}]
    for request_id, outcome, given in zip(requests, ("allocate", "not_accepted", "signpost"), unmet, strict=True):
        sitting.decides(sitting.item_at(request_id, meeting_id), outcome, **given)
    end(sitting, meeting_id)
    figures = counted(sitting)
    assert figures.counts["unmet_need"] == {"9": Count(2, 4), "3": Count(1, 2)}
    assert figures.of("unmet") == Count(2, 4)
    assert figures.counts["need"] == {"5": Count(1, 2)}
    minutes = sitting.running.browser(sitting.chair).get(f"/panel/meetings/{meeting_id}/minutes").text
    assert "Needs that no service can meet now" in minutes
    assert "Secure housing" in minutes


def test_a_family_heard_twice_counts_at_each_meeting_and_once_among_different_families(sitting: Sitting) -> None:
    request_id = sitting.asks()
    for outcome in ("more_information", "allocate"):
        meeting_id = sitting.opened(sitting.next_meeting())
        sitting.decides(sitting.item_at(request_id, meeting_id), outcome)
        end(sitting, meeting_id)
    assert counted(sitting).of("heard") == Count(2, 4)
    with sitting.running.database.read() as session:
        assert different_families(session, panel_ids_of(session), ALWAYS) == Count(1, 2)


def panel_ids_of(session: sa.orm.Session) -> list[UUID]:
    return list(session.scalars(sa.select(PanelRow.id)))


def test_only_the_days_and_panels_asked_for_are_counted(sitting: Sitting) -> None:
    day = held_on(sitting, at_a_meeting(sitting, "signpost"))
    assert counted(sitting, Period(day, day)).of("heard") == Count(1, 2)
    one = timedelta(days=1)
    assert counted(sitting, Period(day - 9 * one, day - one)).of("heard") == Count()
    assert counted(sitting, Period(day + one, day + 9 * one)).of("heard") == Count()
    assert counted(sitting, key="step-down").of("on_agendas") == Count()


def test_waits_run_from_the_day_of_the_request(sitting: Sitting) -> None:
    meeting_id = at_a_meeting(sitting, "allocate", "signpost")
    days = (held_on(sitting, meeting_id) - date(2026, 10, 30)).days
    figures = counted(sitting)
    assert figures.counts["waited_first_heard"] == {str(days): Count(2, 4)}
    assert figures.counts["waited_allocated"] == {str(days): Count(1, 2)}


def test_only_the_first_hearing_ends_the_wait_to_be_heard(sitting: Sitting) -> None:
    request_id = sitting.asks()
    first, *_ = [_heard(sitting, request_id, outcome) for outcome in ("more_information", "signpost")]
    days = (held_on(sitting, first) - date(2026, 10, 30)).days
    assert counted(sitting).counts["waited_first_heard"] == {str(days): Count(1, 2)}


def _heard(sitting: Sitting, request_id: UUID, outcome: str) -> UUID:
    meeting_id = sitting.opened(sitting.next_meeting())
    sitting.decides(sitting.item_at(request_id, meeting_id), outcome)
    end(sitting, meeting_id)
    return meeting_id


def test_what_agencies_answered_is_counted_with_why_they_returned_a_family(sitting: Sitting) -> None:
    sitting.planned()
    declined = sitting.offered()
    body = {"reason": "capacity", "note": ""}
    sitting.post(sitting.manager, f"/allocations/{declined}/refusal", body, 204)
    figures = counted(sitting)
    assert figures.of("accepted") == Count(1, 2)
    assert sum(count.families for count in figures.counts["waited_accepted"].values()) == 1
    assert figures.counts["returned"] == {"capacity": Count(1, 2)}
    assert figures.counts["returned_by"] == {str(sitting.agency_id): Count(1, 2)}


def test_a_seat_to_be_named_is_no_absence_and_an_agency_counts_once(sitting: Sitting) -> None:
    nobody, to_be_named = uuid4(), uuid4()
    with sitting.running.database.begin() as session:
        panel = session.scalars(sa.select(PanelRow).where(PanelRow.key == "ehap")).one()
        session.add(SeatRow(panel_id=panel.id, agency_id=nobody, person_id=uuid4(), seat="member"))
        session.add(SeatRow(panel_id=panel.id, agency_id=to_be_named, person_id=None, seat="member"))
    at_a_meeting(sitting, "signpost")
    attendance = counted(sitting).attendance
    # The chair and the note-taker are of the same agency.
    assert attendance[str(sitting.other_agency_id)] == {"present": 1, "substitute": 0, "apologies": 0, "nobody": 0}
    assert attendance[str(nobody)] == {"present": 0, "substitute": 0, "apologies": 0, "nobody": 1}
    assert str(to_be_named) not in attendance


def test_an_agency_is_not_missed_before_it_had_a_person(sitting: Sitting) -> None:
    late, apologised = uuid4(), uuid4()
    meeting_id = at_a_meeting(sitting, "signpost")
    with sitting.running.database.begin() as session:
        panel = session.scalars(sa.select(PanelRow).where(PanelRow.key == "ehap")).one()
        now = sitting.running.clock.at + timedelta(days=1)
        session.add(SeatRow(panel_id=panel.id, agency_id=late, person_id=uuid4(), seat="member", named_at=now))
        session.add(
            AttendanceRow(
                meeting_id=meeting_id, person_id=uuid4(), agency_id=apologised, presence="apologies", recorded_at=now
            )
        )
    attendance = counted(sitting).attendance
    assert str(late) not in attendance
    assert attendance[str(apologised)]["apologies"] == 1


def test_a_month_is_counted_once_when_it_is_over_and_stays(sitting: Sitting) -> None:
    meeting_id = at_a_meeting(sitting, "signpost", "signpost")
    month = month_of(held_on(sitting, meeting_id))
    the_first = sitting.running.clock.at + timedelta(days=40)
    count_last_month(sitting.running.resources, the_first)
    before = snapshot(sitting, month)
    assert before is not None
    assert before.figures == counted(sitting, month)
    with sitting.running.database.begin() as session:
        session.execute(sa.text("UPDATE queue_entry SET children = 7"))
    count_last_month(sitting.running.resources, the_first + timedelta(days=1))
    assert snapshot(sitting, month) == before
    assert counted(sitting, month).of("heard") == Count(2, 14)


def test_a_month_that_was_counted_cannot_be_changed(sitting: Sitting) -> None:
    at_a_meeting(sitting, "signpost")
    count_last_month(sitting.running.resources, sitting.running.clock.at + timedelta(days=40))
    with pytest.raises(sa.exc.DatabaseError, match="stays as it was"), sitting.running.database.begin() as session:
        session.execute(sa.update(MonthSnapshotRow).values(figures={}))


def test_a_month_that_is_not_over_is_not_counted(sitting: Sitting) -> None:
    meeting_id = at_a_meeting(sitting, "signpost")
    count_last_month(sitting.running.resources, sitting.running.clock.at)
    assert snapshot(sitting, month_of(held_on(sitting, meeting_id))) is None


def snapshot(sitting: Sitting, month: Period) -> Snapshot | None:
    ids = panel_ids(sitting)
    with sitting.running.database.read() as session:
        return snapshot_of(session, ids, month)
