"""Families wait, get a place at a meeting, and leave."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.panel.actions.queue import queue_request
from services.panel.jobs import prepare
from services.panel.jobs.calendar import plan_meetings
from services.panel.jobs.papers import fetch_papers
from services.panel.jobs.people import fetch_people
from services.panel.rules.rescheduling import AHEAD
from services.panel.tables import KnownPersonRow, PaperRow, PaperWantedRow
from shared.errors import NotFound
from shared.events.directory import AgencyChanged, ClockMoved, PersonChanged
from shared.events.panel import RequestPlaced
from shared.events.referrals import (
    RequestReadyForPanel,
    RequestSignposted,
    RequestTakenBack,
    RequestWithdrawn,
    SafeguardingRaised,
)
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.panel.asking import (
    a_request,
    asks,
    comes,
    entry,
    has_paper,
    items,
    meetings,
    next_meeting,
    references,
    set_places,
)
from tests.integration.panel.sitting import Sitting

Start = Callable[..., Running]


def test_meetings_are_made_two_years_ahead_and_made_once(start: Start) -> None:
    running = start("panel")
    before = meetings(running)
    prepare(running.resources)
    plan_meetings(running.resources, running.clock.at)
    assert [one.held_on for one in before] == [one.held_on for one in meetings(running)]
    assert before[0].held_on == date(2026, 11, 12)
    assert all(one.agenda_closes_at > running.clock.at for one in before)
    assert date(2028, 10, 26) <= before[-1].held_on <= date(2026, 11, 2) + AHEAD


def test_gloucestershire_has_a_weekly_meeting_in_each_of_six_localities(start: Start) -> None:
    running = start("panel", AUTHORITY="gloucestershire")
    for locality in ("cheltenham", "cotswolds", "forest-of-dean", "gloucester", "stroud", "tewkesbury"):
        assert len(meetings(running, f"step-down-{locality}")) in (102, 103), "two years without two Christmases"


def test_a_request_gets_a_place_at_the_next_meeting_and_that_is_announced(start: Start) -> None:
    running = start("panel")
    fact = asks(running)
    meeting = next_meeting(running)
    assert [item.request_id for item in items(running, meeting.id)] == [fact.request_id]
    (placed,) = running.announced(RequestPlaced)
    assert (placed.meeting_id, placed.held_on, placed.times_carried) == (meeting.id, meeting.held_on, 0)


def test_the_same_fact_twice_makes_one_place(start: Start) -> None:
    running = start("panel")
    fact = asks(running)
    running.hears(fact)
    assert len(running.announced(RequestPlaced)) == 1


def test_a_full_meeting_sends_the_next_family_to_the_meeting_after(start: Start) -> None:
    running = start("panel")
    set_places(running, 1)
    asks(running)
    later = asks(running)
    first, second = meetings(running)[:2]
    assert [len(items(running, one.id)) for one in (first, second)] == [1, 1]
    assert items(running, second.id)[0].request_id == later.request_id


def test_a_familys_other_request_goes_to_the_same_meeting_though_it_is_full(start: Start) -> None:
    running = start("panel")
    set_places(running, 1)
    first = asks(running)
    asks(running, family_id=first.family_id)
    assert len(items(running, next_meeting(running).id)) == 2


def test_a_request_that_arrives_after_the_cut_off_goes_to_the_next_meeting(start: Start) -> None:
    running = start("panel")
    closing = next_meeting(running)
    running.clock.at = closing.agenda_closes_at
    fact = asks(running)
    assert not items(running, closing.id)
    assert items(running, next_meeting(running).id)[0].request_id == fact.request_id


def test_when_no_meeting_has_room_the_family_waits_and_is_shown_and_placed_once_there_is(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    set_places(running, 0)
    fact = asks(running)
    assert entry(running, fact.request_id).state == "waiting"
    page = running.browser(sitting.coordinator).get("/panel/queue").text
    assert "1 family has no place" in page
    assert fact.reference in page
    set_places(running, 8)
    with running.database.begin() as session:
        session.execute(sa.text("UPDATE panel SET capacity = 8"))
    plan_meetings(running.resources, running.clock.at)
    assert entry(running, fact.request_id).state == "placed"


def test_a_place_that_becomes_free_goes_to_the_most_urgent_who_waits(start: Start) -> None:
    running = start("panel")
    with running.database.begin() as session:
        session.execute(sa.text("UPDATE meeting SET places = CASE WHEN held_on = '2026-11-12' THEN 1 ELSE 0 END"))
    leaving = asks(running)
    routine, urgent = asks(running), asks(running, urgency="urgent")
    running.hears(RequestWithdrawn(leaving.request_id, leaving.family_id, leaving.reference))
    assert entry(running, urgent.request_id).state == "placed"
    assert entry(running, routine.request_id).state == "waiting"


def test_a_place_that_becomes_free_goes_to_the_first_in_line_of_those_with_a_later_one(start: Start) -> None:
    running = start("panel")
    set_places(running, 1)
    leaving = asks(running)
    routine, urgent = asks(running), asks(running, urgency="urgent")
    first, second, third = meetings(running)[:3]
    running.hears(RequestWithdrawn(leaving.request_id, leaving.family_id, leaving.reference))
    asks(running)
    on = [[item.reference for item in items(running, one.id) if item.state == "placed"] for one in (first, second)]
    assert on == [[urgent.reference], [routine.reference]], "who comes later passes nobody"
    (moved,) = [fact for fact in running.announced(RequestPlaced) if fact.instead_of]
    assert (moved.request_id, moved.held_on, moved.instead_of) == (urgent.request_id, first.held_on, third.held_on)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["asks", "asks", "leaves", "moves"]),
            st.sampled_from(["ehap", "step-down"]),
            st.sampled_from(["urgent", "routine"]),
            st.integers(0, 3),
        ),
        min_size=3,
        max_size=10,
    )
)
def test_whoever_comes_or_goes_nobody_waits_for_a_place_that_is_free(
    start: Start, steps: list[tuple[str, str, str, int]]
) -> None:
    running = start("panel")
    with running.database.begin() as session:
        session.execute(sa.text("UPDATE queue_entry SET state = 'left'"))
        session.execute(sa.text("UPDATE agenda_item SET state = 'removed'"))
        session.execute(sa.text("UPDATE meeting SET places = CASE WHEN held_on <= '2026-11-12' THEN 1 ELSE 0 END"))
    families = [uuid4() for _ in range(4)]
    came: list[RequestReadyForPanel] = []
    for what, panel_key, urgency, number in steps:
        if what == "asks" or not came:
            came.append(asks(running, panel_key=panel_key, urgency=urgency, family_id=families[number]))
        elif what == "moves":
            running.hears(replace(came[number % len(came)], panel_key=panel_key))
        else:
            gone = came.pop(number % len(came))
            running.hears(RequestWithdrawn(gone.request_id, gone.family_id, gone.reference))
        placed = len(running.announced(RequestPlaced))
        plan_meetings(running.resources, running.clock.at)
        assert len(running.announced(RequestPlaced)) == placed


@pytest.mark.parametrize(
    ("kind", "because"),
    [
        (RequestWithdrawn, "withdrawn"),
        (RequestTakenBack, "taken_back"),
        (SafeguardingRaised, "safeguarding"),
        (RequestSignposted, "signposted"),
    ],
)
def test_a_request_that_is_withdrawn_or_sent_elsewhere_leaves_an_open_agenda(
    start: Start, kind: type[RequestWithdrawn], because: str
) -> None:
    running = start("panel")
    fact = asks(running)
    running.hears(kind(fact.request_id, fact.family_id, fact.reference))
    left = entry(running, fact.request_id)
    assert (left.state, left.left_because) == ("left", because)
    assert [item.state for item in items(running, next_meeting(running).id)] == ["removed"]
    comes(running, next_meeting(running).agenda_closes_at)
    assert references(running, meetings(running)[0].id) == []


def test_on_a_closed_agenda_who_leaves_is_marked_and_the_numbers_stay(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    facts = [asks(running, received_on=date(2026, 10, day)) for day in (1, 2, 3)]
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)
    running.hears(SafeguardingRaised(facts[1].request_id, facts[1].family_id, facts[1].reference))
    assert [(item.number, item.state) for item in items(running, meeting.id)] == [
        (1, "placed"),
        (2, "removed"),
        (3, "placed"),
    ]
    page = running.browser(sitting.coordinator).get(f"/panel/meetings/{meeting.id}").text
    assert "went to social care" in page


def test_a_family_that_comes_back_waits_again_for_a_later_meeting(start: Start) -> None:
    running = start("panel")
    fact = asks(running)
    first = next_meeting(running)
    comes(running, first.agenda_closes_at)
    with running.database.begin() as session:
        queue_request(
            session,
            request_id=fact.request_id,
            family_id=fact.family_id,
            reference=fact.reference,
            kind=fact.kind,
            urgency=fact.urgency,
            received_on=fact.received_on,
            children=fact.children,
            level_scheme=fact.level_scheme,
            level_version=fact.level_version,
            level_number=fact.level_number,
            panel_key="ehap",
            why="carried_over",
            now=running.clock.at,
            times_carried=1,
            not_before=date(2026, 12, 1),
        )
    placed = running.announced(RequestPlaced)[-1]
    assert placed.times_carried == 1
    assert placed.held_on >= date(2026, 12, 1)


def test_a_request_for_a_panel_that_is_not_there_is_refused(start: Start) -> None:
    running = start("panel")
    with pytest.raises(NotFound):
        running.hears(a_request(panel_key="elsewhere"))


def test_many_requests_at_once_never_take_more_places_than_there_are(start: Start) -> None:
    running = start("panel")
    set_places(running, 2)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(running.hears, [a_request() for _ in range(10)]))
    assert [len(items(running, one.id)) for one in meetings(running)[:6]] == [2, 2, 2, 2, 2, 0]


def test_a_paper_is_fetched_and_kept_and_a_changed_one_stands_beside_it(start: Start) -> None:
    running = start("panel")
    fact = asks(running)
    assert fetch_papers(running.resources) is True
    assert fetch_papers(running.resources) is False
    has_paper(running, fact, worried_about="Something new.")
    running.hears(fact)
    assert fetch_papers(running.resources) is True
    running.hears(fact)
    assert fetch_papers(running.resources) is True
    with running.database.read() as session:
        papers = session.scalars(sa.select(PaperRow).where(PaperRow.request_id == fact.request_id)).all()
    assert sorted(paper.content["worried_about"] for paper in papers) == ["Something new.", "They shout."]


def test_while_the_front_door_is_away_the_paper_waits_and_is_tried_again_later_each_time(start: Start) -> None:
    running = start("panel")
    running.neighbours.is_away = True
    fact = asks(running)
    waits = []
    for _ in range(12):
        with running.database.begin() as session:
            session.execute(sa.update(PaperWantedRow).values(next_attempt_at=sa.func.now()))
        fetch_papers(running.resources)
        with running.database.read() as session:
            wanted = session.get_one(PaperWantedRow, fact.request_id)
            waits.append(round((wanted.next_attempt_at - datetime.now(UTC)).total_seconds()))
            assert wanted.last_error
    assert waits == sorted(waits)
    assert waits[0] < 5
    assert waits[-1] == 300
    running.neighbours.is_away = False
    with running.database.begin() as session:
        session.execute(sa.update(PaperWantedRow).values(next_attempt_at=sa.func.now()))
    fetch_papers(running.resources)
    with running.database.read() as session:
        assert session.get(PaperWantedRow, fact.request_id) is None


def test_a_persons_name_is_asked_of_the_directory_and_given_up_when_it_has_none(start: Start) -> None:
    running = start("panel")
    known, unknown = uuid4(), uuid4()
    for person_id in (known, unknown):
        running.hears(PersonChanged(person_id, None, ("panel_member",), is_active=True))
    running.neighbours.answers[("directory", f"/people/{known}")] = {"name": "Nguyễn Thị O'Brien", "job_title": "Head"}
    running.neighbours.is_away = True
    assert fetch_people(running.resources) is False
    running.neighbours.is_away = False
    assert [fetch_people(running.resources) for _ in range(3)] == [True, True, False]
    with running.database.read() as session:
        assert session.get_one(KnownPersonRow, known).name == "Nguyễn Thị O'Brien"


def test_the_directorys_copies_follow_its_announcements(start: Start) -> None:
    running = start("panel")
    agency_id = uuid4()
    running.hears(AgencyChanged(agency_id, "Old name", is_active=True))
    running.hears(AgencyChanged(agency_id, "New name", is_active=True))
    with running.database.read() as session:
        assert session.scalars(sa.text("SELECT name FROM known_agency")).all() == ["New name"]


def test_the_rehearsals_clock_is_followed(start: Start) -> None:
    running = start("panel")
    running.hears(ClockMoved(datetime(2026, 11, 16, 9, tzinfo=UTC)))
    with running.database.read() as session:
        assert session.scalar(sa.text("SELECT moves_to FROM clock_reading")) == datetime(2026, 11, 16, 9, tzinfo=UTC)


def test_the_queue_shows_only_the_panels_that_the_person_coordinates(start: Start) -> None:
    running = start("panel")
    sitting = Sitting(running)
    mine, other = asks(running), asks(running, panel_key="step-down", kind="step_down")
    page = running.browser(sitting.coordinator).get("/panel/queue").text
    assert mine.reference in page
    assert other.reference not in page
    assert running.browser(sitting.member).get("/panel/queue").status_code == 403
    assert "You lead no panel" in running.browser(a_person("coordinator")).get("/panel/queue").text
    waiting = sitting.get(sitting.coordinator, "/queue")
    assert [row["reference"] for row in waiting["queue"]] == [mine.reference]
