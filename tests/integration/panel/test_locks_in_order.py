"""Two people change one panel at once: everybody holds the panel before a meeting, so nobody waits in a ring."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.actions.rescheduling import Change, cancel_meeting
from services.panel.queries.calendar import lock_panel, meeting_by_id
from shared.errors import Conflict
from tests.integration.conftest import Running
from tests.integration.panel.asking import asks
from tests.integration.panel.sitting import Sitting
from tests.integration.panel.test_late_items import closed
from tests.integration.panel.waiting import somebody_waits


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


@pytest.mark.parametrize("is_sitting", [False, True], ids=["before the meeting", "while it sits"])
def test_who_takes_a_late_item_holds_no_meeting_while_somebody_else_holds_the_panel(
    sitting: Sitting, is_sitting: bool
) -> None:
    meeting = closed(sitting)
    if is_sitting:
        sitting.running.clock.at = meeting.starts_at
        sitting.opened(meeting.id)
    fact = asks(sitting.running)
    body = {
        "request_ids": [str(fact.request_id)],
        "leave_by": str(sitting.chair.person_id),
        "reason": "A baby is due.",
    }
    path = f"/meetings/{meeting.id}/late-items"
    meanwhile(sitting, meeting.id, (sitting.coordinator, path, body, 204), lambda session: held(session, meeting.id))


def test_who_cancels_a_meeting_that_sits_is_refused_and_its_decision_is_recorded(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting_id = sitting.opened(sitting.next_meeting())
    path = f"/items/{sitting.item_at(request_id, meeting_id)}/decision"
    decision = (sitting.chair, path, sitting.decision("carry_over"), 201)
    meanwhile(sitting, meeting_id, decision, lambda session: cancels(sitting, session, meeting_id))


def test_who_cancels_a_meeting_that_sits_is_refused_and_it_ends(sitting: Sitting) -> None:
    sitting.asks()
    meeting_id = sitting.opened(sitting.next_meeting())
    end = (sitting.chair, f"/meetings/{meeting_id}/end", {"not_heard_because": "capacity"}, 200)
    meanwhile(sitting, meeting_id, end, lambda session: cancels(sitting, session, meeting_id))


def meanwhile(sitting: Sitting, meeting_id: UUID, asked: tuple[Any, ...], goes_on: Callable[[Session], None]) -> None:
    """Hold the panel, let somebody ask on another connection until they wait for it, and go on here; both end well."""
    answers: list[Any] = []
    other = threading.Thread(target=lambda: answers.append(sitting.post(*asked)))
    with sitting.running.database.begin() as session:
        lock_panel(session, meeting_by_id(session, meeting_id).panel_id)
        other.start()
        somebody_waits(session)
        # Before PostgreSQL ends the ring itself, which the other would hardly notice.
        session.execute(sa.text("SET LOCAL lock_timeout = '300ms'"))
        goes_on(session)
    other.join(timeout=20)
    assert len(answers) == 1


def held(session: Session, meeting_id: UUID) -> None:
    """Hold a meeting that nobody else holds."""
    meeting_by_id(session, meeting_id, lock=True)


def cancels(sitting: Sitting, session: Session, meeting_id: UUID) -> None:
    """Cancel a meeting that sits, and be refused."""
    seen = meeting_by_id(session, meeting_id).sequence
    change = Change(sitting.coordinator.person_id, "Nobody can come", seen, is_confirmed=True)
    with pytest.raises(Conflict):
        cancel_meeting(session, meeting_id, change, now=sitting.running.clock.at)
