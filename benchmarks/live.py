"""A meeting followed by 60 people: from the chair's step to what each of their screens shows."""

import http.client
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from statistics import quantiles
from uuid import UUID, uuid4

import psycopg
import sqlalchemy as sa

from benchmarks.fill_meeting import fill_meeting
from benchmarks.intake import served
from benchmarks.measured import Measured, rounded
from benchmarks.progress import say
from benchmarks.stage import Stage, plain, stage
from services.embedded.keys import keys_in
from services.embedded.together import free_port
from services.embedded.waiting import wait_until
from services.panel.actions.stand import CHANNEL, go_to_item
from services.panel.queries.stand import stand_of
from services.panel.tables import AgendaItemRow
from shared.database import Database
from shared.identity import Person, sign_session
from shared.web.access import SESSION_COOKIE

_FOLLOWERS, _FAMILIES = 60, 12
_STEPS, _QUICK_STEPS, _NOT_COUNTED = 60, 15, 3
_EVERY_SECONDS = (1.5, 3.0)
_DATABASE = "panel"
_WAIT = 30.0


@dataclass
class Screen:
    """One who follows: when each version was told to them, and when their screen showed it."""

    person: Person
    told_at: dict[int, float] = field(default_factory=dict)
    shown_at: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class House:
    """A meeting in session, the process that its screens follow, and the one that gives them what they show."""

    stage: Stage
    database: Database
    meeting_id: UUID
    chair: Person
    live_port: int
    web_port: int
    session_key: str


def run() -> list[Measured]:
    """Measure 60 steps."""
    return _measured(_STEPS)


def quick() -> list[Measured]:
    """Measure 15."""
    return _measured(_QUICK_STEPS)


def _measured(steps: int) -> list[Measured]:
    members = [_person(f"Member {number}", "panel_member") for number in range(_FOLLOWERS)]
    with _house(members) as house:
        screens = [Screen(one) for one in members]
        for screen in screens:
            threading.Thread(target=_follow, args=(house, screen), daemon=True).start()
        wait_until(lambda: all(screen.shown_at for screen in screens), f"{_FOLLOWERS} screens follow", seconds=_WAIT)
        said_at = _lead(house, screens, steps)
        limit = _notice_alone(house, steps)
    told = [screen.told_at[version] - at for version, at in said_at.items() for screen in screens]
    shown = [screen.shown_at[version] - at for version, at in said_at.items() for screen in screens]
    about = f"{_FOLLOWERS} screens, from before the commit to the whole of what they show"
    return [
        _percentile("live.delay_60.p50_ms", shown, 50, about),
        _percentile("live.delay_60.p95_ms", shown, 95, about),
        _percentile("live.told_60.p95_ms", told, 95, "to the event alone"),
        _percentile("live.notice_alone.p95_ms", limit, 95, "the limit: one connection that listens to PostgreSQL"),
    ]


@contextmanager
def _house(members: Sequence[Person]) -> Iterator[House]:
    with stage() as here, ExitStack() as stack:
        keys = keys_in(here.folder / "keys")
        here.postgres.ensure_database(_DATABASE)
        ports = free_port(), free_port()
        environ = {
            "DATABASE_URL_PANEL": here.url(_DATABASE),
            "NEIGHBOUR_KEY": keys.neighbour,
            "SESSION_PUBLIC_KEY": keys.session_public,
            "PAGE_KEY": keys.page,
            "TRAINING": "yes",
            "PYTHONUNBUFFERED": "1",
        }
        command = [sys.executable, "-m", "services.panel"]
        subprocess.run([*command, "migrate"], env=os.environ | environ, check=True, stdout=sys.stderr)
        database = Database(here.url(_DATABASE))
        stack.callback(database.close)
        chair = _person("Chair", "panel_member")
        with database.begin() as session:
            meeting_id = fill_meeting(session, chair, members, _FAMILIES)
        # As docker-compose.yml has them.
        live = {"PORT": str(ports[0]), "WEB_WORKERS": "1", "WEB_THREADS": "216", "LIVE_FOLLOWERS": "200"}
        web = {"PORT": str(ports[1]), "WEB_WORKERS": "2", "WEB_THREADS": "4"}
        stack.enter_context(served(here, "live", [*command, "web"], environ | live))
        stack.enter_context(served(here, "web", [*command, "web"], environ | web))
        yield House(here, database, meeting_id, chair, *ports, keys.session_private)


def _person(name: str, role: str) -> Person:
    return Person(uuid4(), name, frozenset({role}), uuid4(), "An agency")


def _follow(house: House, screen: Screen) -> None:
    """Follow as a browser does: told by an event, it fetches what its page shows, from the process that gives pages."""
    headers = {"Cookie": f"{SESSION_COOKIE}={sign_session(screen.person, house.session_key)}"}
    events = http.client.HTTPConnection("127.0.0.1", house.live_port, timeout=_WAIT)
    events.request("GET", f"/panel/meetings/{house.meeting_id}/live/events", headers=headers)
    answer = events.getresponse()
    version = 0
    while line := answer.readline():
        if not line.startswith(b"id: ") or int(line[4:]) <= version:
            continue
        version = int(line[4:])
        screen.told_at[version] = time.monotonic()
        text = _screen(house, headers, version - 1)
        shows = int(text.split('data-version="')[1].split('"')[0])
        now = time.monotonic()
        for one in range(version, shows + 1):
            screen.shown_at.setdefault(one, now)


def _screen(house: House, headers: dict[str, str], have: int) -> str:
    """Return what a screen shows, over a connection of its own, as nginx makes one for each request."""
    page = http.client.HTTPConnection("127.0.0.1", house.web_port, timeout=_WAIT)
    page.request("GET", f"/panel/meetings/{house.meeting_id}/live/screen?have={have}", headers=headers)
    answer = page.getresponse()
    text = answer.read().decode()
    page.close()
    if answer.status != 200:
        raise RuntimeError(f"the screen was answered with {answer.status}")
    return text


def _is_everywhere(version: int, screens: Sequence[Screen]) -> bool:
    return all(version in screen.shown_at for screen in screens)


def _lead(house: House, screens: Sequence[Screen], steps: int) -> dict[int, float]:
    """Take up one item after the other at random moments; return when each version was about to be committed."""
    chance, said_at = random.Random(steps), {}
    with house.database.read() as session:
        items = session.scalars(
            sa.select(AgendaItemRow.id)
            .where(AgendaItemRow.meeting_id == house.meeting_id)
            .order_by(AgendaItemRow.number)
        ).all()
    for step in range(_NOT_COUNTED + steps):
        time.sleep(chance.uniform(*_EVERY_SECONDS))
        with house.database.begin() as session:
            seen = stand_of(session, house.meeting_id)
            go_to_item(session, items[step % len(items)], seen=seen.item_id, by=house.chair.person_id)
            version, at = seen.version + 1, time.monotonic()
        wait_until(partial(_is_everywhere, version, screens), f"version {version} everywhere", seconds=_WAIT)
        if step >= _NOT_COUNTED:
            said_at[version] = at
    say(f"{steps} steps, each seen on {len(screens)} screens")
    return said_at


def _notice_alone(house: House, steps: int) -> list[float]:
    """Return what it takes from before a commit until one connection that listens has its notice."""
    url, waits = plain(house.stage.url(_DATABASE)), []
    with psycopg.connect(url, autocommit=True) as listener, psycopg.connect(url) as speaker:
        listener.execute(f"LISTEN {CHANNEL}")
        for _ in range(10 * steps):
            speaker.execute("SELECT pg_notify(%s, %s)", (CHANNEL, f"{uuid4()} 1 item"))
            at = time.monotonic()
            speaker.commit()
            next(listener.notifies(timeout=_WAIT, stop_after=1))
            waits.append(time.monotonic() - at)
    return waits


def _percentile(name: str, waits: Sequence[float], hundredth: int, about: str) -> Measured:
    return Measured(name, rounded(1000 * quantiles(waits, n=100)[hundredth - 1]), "ms", about, len(waits))
