"""Long lists ask the database no more often than short ones."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from tests.integration.conftest import Running
from tests.integration.panel.asking import asks, comes, next_meeting, set_places
from tests.integration.panel.sitting import Sitting


def test_an_agenda_and_the_queue_ask_the_same_for_two_families_as_for_twenty(start: Callable[..., Running]) -> None:
    sitting = Sitting(start("panel"))
    running = sitting.running
    set_places(running, 21)
    asked = []
    for families in (2, 18):
        for _ in range(families):
            asks(running)
        asked.append(_asked(sitting, f"/panel/meetings/{next_meeting(running).id}", "/panel/queue", "/panel/meetings"))
    assert asked[0] == asked[1]
    meeting = next_meeting(running)
    comes(running, meeting.agenda_closes_at)
    assert all(count < 25 for count in _asked(sitting, f"/panel/meetings/{meeting.id}"))


def _asked(sitting: Sitting, *paths: str) -> list[int]:
    """Return how many statements each page takes."""
    counts = []
    browser = sitting.running.browser(sitting.coordinator)
    for path in paths:
        with _counted(sitting.running) as statements:
            assert browser.get(path).status_code == 200
        counts.append(len(statements))
    return counts


@contextmanager
def _counted(running: Running) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    sa.event.listen(running.database.engine, "before_cursor_execute", note)
    yield said
    sa.event.remove(running.database.engine, "before_cursor_execute", note)
