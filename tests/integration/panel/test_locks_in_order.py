"""Two people change one panel at once: the panel is held before a meeting that has not begun, so nobody waits in a ring."""

import threading
import time
from collections.abc import Callable

import sqlalchemy as sa

from services.panel.queries.calendar import lock_panel
from services.panel.tables import MeetingRow
from tests.integration.conftest import Running
from tests.integration.panel.asking import asks
from tests.integration.panel.sitting import Sitting
from tests.integration.panel.test_late_items import closed


def test_who_takes_a_late_item_holds_no_meeting_while_somebody_else_holds_the_panel(
    start: Callable[..., Running],
) -> None:
    sitting = Sitting(start("panel"))
    meeting = closed(sitting)
    fact = asks(sitting.running)
    body = {
        "request_ids": [str(fact.request_id)],
        "leave_by": str(sitting.chair.person_id),
        "reason": "A baby is due.",
    }
    late = threading.Thread(
        target=sitting.post, args=(sitting.coordinator, f"/meetings/{meeting.id}/late-items", body, 204)
    )
    with sitting.running.database.begin() as session:
        lock_panel(session, meeting.panel_id)
        late.start()
        waits = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not session.scalar(waits):
            time.sleep(0.05)
        held = sa.select(MeetingRow.id).where(MeetingRow.id == meeting.id).with_for_update(nowait=True)
        assert session.scalar(held) == meeting.id
    late.join(timeout=20)
    assert not late.is_alive()
