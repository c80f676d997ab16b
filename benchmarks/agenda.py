"""A queue of 10,000 families brought to a closed agenda with frozen papers, and the page of an agenda with 60 items."""

import http.client
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

from psycopg import Connection

from benchmarks.fill_queue import Asked, fill_queue, make_room, seat_somebody
from benchmarks.intake import served
from benchmarks.measured import Measured, median_of, rounded
from benchmarks.progress import say
from benchmarks.stage import Stage, stage
from services.embedded.keys import Keys, keys_in
from services.embedded.samples import sample_requests
from services.embedded.together import free_port
from services.panel.actions.circulation import pack_for
from services.panel.actions.queue import place_waiting
from services.panel.app import SERVICE as PANEL
from services.panel.jobs.agendas import close_agendas
from services.panel.tables import MeetingRow
from shared.authority import load_profile
from shared.clock import SystemClock
from shared.database import Database
from shared.identity import Person, sign_session
from shared.london import london_date
from shared.migrations import migrate
from shared.neighbours import Neighbours
from shared.service import Resources
from shared.web.access import SESSION_COOKIE

_ROUNDS = 5
_WAITING = 10_000
_HEARD, _ON_THE_PAGE = 25, 60
_PAGES, _NOT_COUNTED = 400, 40
_QUEUE, _RUN, _PAGE = "queue", "run", "page"

_ROWS = """
    SELECT item.number, item.reference, item.state, entry.*, paper.content
    FROM agenda_item item
    JOIN queue_entry entry ON entry.id = item.queue_entry_id
    LEFT JOIN paper ON paper.id = item.paper_id
    WHERE item.meeting_id = %s ORDER BY item.number
"""


class WentWrong(Exception):
    """What was measured is not what was to be measured."""


@dataclass(frozen=True)
class _House:
    """The stage with a real referrals service on it, which gives the papers, and how the panel asks it."""

    stage: Stage
    keys: Keys
    neighbours_at: str
    asked: Sequence[Asked]
    coordinator: Person

    def resources(self, database: str) -> Resources:
        """Return what a process of the panel's service holds."""
        return Resources(
            settings=None,
            database=Database(self.stage.url(database)),
            clock=SystemClock(),
            neighbours=Neighbours("panel", self.neighbours_at, self.keys.neighbour),
            profile=load_profile("bathnes"),
        )


def run() -> list[Measured]:
    """Measure the closing five times, and the page once."""
    return _measured(_ROUNDS)


def quick() -> list[Measured]:
    """Measure both once."""
    return _measured(1)


def _measured(rounds: int) -> list[Measured]:
    with _house() as house:
        _make_queue(house)
        return [*_closing(house, rounds), *_page(house)]


@contextmanager
def _house() -> Iterator[_House]:
    with stage() as here, ExitStack() as stack:
        keys, port = keys_in(here.folder / "keys"), free_port()
        here.postgres.ensure_database("referrals")
        environ = _environ(here, keys, "referrals", port) | {
            "PORTAL_TOKENS": f"portal:{keys.portal}",
            "FILE_KEYS": keys.files,
            "FILES_AT": "nothing-is-attached",
        }
        command = [sys.executable, "-m", "services.referrals"]
        subprocess.run([*command, "migrate"], env=os.environ | environ, check=True, stdout=sys.stderr)
        stack.enter_context(served(here, "referrals", [*command, "web"], environ))
        say(f"{_ON_THE_PAGE} requests are sent to the portal's API")
        coordinator = Person(uuid4(), "Cal Coordinator", frozenset({"coordinator"}), uuid4(), "A council")
        asked = _ask(port, keys.portal, _ON_THE_PAGE)
        yield _House(here, keys, f"http://127.0.0.1:{port}/{{service}}", asked, coordinator)


def _environ(stage: Stage, keys: Keys, service: str, port: int) -> dict[str, str]:
    return {
        f"DATABASE_URL_{service.upper()}": stage.url(_PAGE if service == "panel" else service),
        "NEIGHBOUR_KEY": keys.neighbour,
        "SESSION_PUBLIC_KEY": keys.session_public,
        "PAGE_KEY": keys.page,
        "TRAINING": "yes",
        "WEB_WORKERS": "1",
        "PYTHONUNBUFFERED": "1",
        "PORT": str(port),
    }


def _ask(port: int, token: str, count: int) -> list[Asked]:
    """Send the sample requests over and over; return what was made of each."""
    documents = [
        one for _, one in sample_requests("bathnes", london_date(datetime.now(UTC))) if one["kind"] == "request"
    ]
    asked, connection = [], http.client.HTTPConnection("127.0.0.1", port)
    for document in itertools.islice(itertools.cycle(documents), count):
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": str(uuid4()),
        }
        connection.request("POST", "/referrals/api/v1/requests", json.dumps(document), headers)
        answer = connection.getresponse()
        said = json.loads(answer.read())
        if answer.status != http.client.CREATED:
            raise WentWrong(f"{answer.status} {said}")
        asked.append(Asked(UUID(said["request_id"]), said["reference"], len(document["children"])))
    connection.close()
    return asked


def _make_queue(house: _House) -> None:
    """Make a panel whose planned meetings are full, and 10,000 families that wait for it, the real requests first."""
    say(f"preparing a queue of {_WAITING:,} families")
    house.stage.postgres.ensure_database(_QUEUE)
    migrate(PANEL.name, house.stage.url(_QUEUE))
    resources = house.resources(_QUEUE)
    PANEL.prepare(resources)
    seat_somebody(resources.database, house.coordinator)
    resources.database.close()
    with house.stage.connect(_QUEUE) as connection:
        fill_queue(connection, house.asked, _WAITING)
        connection.execute("VACUUM ANALYZE")


def _closing(house: _House, rounds: int) -> list[Measured]:
    took = [_close_once(house) for _ in range(rounds)]
    seconds = {name: [one[name] for one in took] for name in took[0]}
    seconds["all"] = [one["placing"] + one["closing"] + one["pack"] for one in took]
    return [
        median_of(
            "agenda.close_10k.seconds", seconds["all"], "s", "places given, agenda closed, one member's PDF made"
        ),
        median_of("agenda.close_10k.placing_seconds", seconds["placing"], "s", "25 places given among 10,000 families"),
        median_of("agenda.close_10k.closing_seconds", seconds["closing"], "s", "papers asked, frozen and announced"),
        median_of("agenda.close_10k.pack_seconds", seconds["pack"], "s", "typst's PDF of 25 papers for one reader"),
        median_of("agenda.papers_alone.seconds", seconds["asking"], "s", "the limit: 25 papers asked for, one by one"),
    ]


def _close_once(house: _House) -> dict[str, float]:
    """Bring a fresh copy of the queue to a closed agenda; return how long each part took, in seconds."""
    house.stage.copy(_QUEUE, _RUN)
    with house.stage.connect(_RUN) as connection:
        meeting_id, panel_id, closes_at = make_room(connection, _HEARD)
    resources = house.resources(_RUN)
    before = closes_at - timedelta(minutes=1)
    took = {
        "placing": _seconds(lambda: _place(resources, panel_id, before)),
        "closing": _seconds(lambda: close_agendas(resources, closes_at)),
        "pack": _seconds(lambda: _make_pack(resources, meeting_id, house.coordinator, closes_at)),
        "asking": _seconds(lambda: _ask_alone(resources, house.asked[:_HEARD])),
    }
    resources.database.close()
    with house.stage.connect(_RUN) as connection:
        _check_closed(connection, meeting_id, _HEARD)
    say(", ".join(f"{name} {taken:.2f} s" for name, taken in took.items()))
    return took


def _place(resources: Resources, panel_id: UUID, now: datetime) -> None:
    with resources.database.begin() as session:
        place_waiting(session, panel_id, now)


def _make_pack(resources: Resources, meeting_id: UUID, reader: Person, now: datetime) -> None:
    with resources.database.begin() as session:
        pack_for(session, session.get_one(MeetingRow, meeting_id), reader, now=now)


def _ask_alone(resources: Resources, asked: Sequence[Asked]) -> None:
    for one in asked:
        resources.neighbours.get("referrals", f"/requests/{one.request_id}/paper")


def _check_closed(connection: Connection, meeting_id: UUID, heard: int) -> None:
    """Refuse a run after which the agenda is not closed, or not every family is numbered and has its paper."""
    found = connection.execute(
        "SELECT meeting.state, count(item.number), count(DISTINCT item.number), count(item.paper_id), count(circulated_item)"
        " FROM meeting JOIN agenda_item item ON item.meeting_id = meeting.id"
        " LEFT JOIN circulated_item ON circulated_item.agenda_item_id = item.id WHERE meeting.id = %s GROUP BY meeting.id",
        (meeting_id,),
    ).fetchone()
    if found != ("agenda_closed", heard, heard, heard, heard):
        raise WentWrong(f"the agenda is {found}")


def _page(house: _House) -> list[Measured]:
    house.stage.copy(_QUEUE, _PAGE)
    with house.stage.connect(_PAGE) as connection:
        meeting_id, panel_id, closes_at = make_room(connection, _ON_THE_PAGE)
    resources = house.resources(_PAGE)
    _place(resources, panel_id, closes_at - timedelta(minutes=1))
    close_agendas(resources, closes_at)
    resources.database.close()
    with house.stage.connect(_PAGE) as connection:
        _check_closed(connection, meeting_id, _ON_THE_PAGE)
        connection.execute("VACUUM ANALYZE")
    port = free_port()
    command = [sys.executable, "-m", "services.panel", "web"]
    with served(house.stage, "panel", command, _environ(house.stage, house.keys, "panel", port)):
        agenda = _times(_getting(port, f"/panel/meetings/{meeting_id}", house, must_say="60. "))
        queue = _times(_getting(port, "/panel/queue", house, must_say=f"of {_WAITING} requests"))
        bare = _times(_getting(port, "/panel/health/live", house, must_say=""))
    with house.stage.connect(_PAGE) as connection:
        rows = _times(lambda: _read_rows(connection, meeting_id))
    note = f"{_ON_THE_PAGE} items, audit included, one worker of gunicorn"
    return [
        Measured("agenda.page_60.p50_ms", agenda[0], "ms", "", _PAGES),
        Measured("agenda.page_60.p95_ms", agenda[1], "ms", note, _PAGES),
        Measured("agenda.queue_page_10k.p95_ms", queue[1], "ms", "60 rows of 10,000, in their order", _PAGES),
        Measured(
            "agenda.rows_60.p95_ms", rows[1], "ms", "the limit of reading: its rows and papers by one SELECT", _PAGES
        ),
        Measured(
            "agenda.nothing.p95_ms",
            bare[1],
            "ms",
            "the limit of answering: the same worker says that it is alive",
            _PAGES,
        ),
    ]


def _getting(port: int, path: str, house: _House, *, must_say: str) -> Callable[[], None]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Cookie": f"{SESSION_COOKIE}={sign_session(house.coordinator, house.keys.session_private)}"}

    def get() -> None:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        said = answer.read().decode()
        if answer.status != http.client.OK or must_say not in said:
            raise WentWrong(f"{path}: {answer.status} {said[:2000]}")

    return get


def _read_rows(connection: Connection, meeting_id: UUID) -> None:
    connection.execute(_ROWS, (meeting_id,)).fetchall()


def _times(act: Callable[[], None]) -> tuple[float, float]:
    """Return the median and the 95th hundredth in milliseconds; the first ones are not counted."""
    for _ in range(_NOT_COUNTED):
        act()
    hundredths = quantiles([_seconds(act) * 1000 for _ in range(_PAGES)], n=100)
    return rounded(hundredths[49]), rounded(hundredths[94])


def _seconds(act: Callable[[], Any]) -> float:
    began = perf_counter()
    act()
    return perf_counter() - began
