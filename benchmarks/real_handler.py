"""The pipeline with a handler of the product: a request is ready for panel, joins the queue and is placed on an agenda."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

from benchmarks import ours
from benchmarks.case import resources_of
from benchmarks.measured import Measured, median_of
from benchmarks.progress import say
from benchmarks.stage import Stage, stage
from benchmarks.stopwatch import seconds_in
from services.panel.app import SERVICE as PANEL
from shared.authority import Authority, Profile
from shared.authority.profile import Version
from shared.database import Database
from shared.events.referrals import RequestReadyForPanel
from shared.messaging.outbox import announce
from shared.migrations import migrate

_ROUNDS = 5
_PANELS, _REQUESTS_OF_A_PANEL = 10, 100
_PLACES = 12
"""At a meeting. A panel meets 13 times in the 26 weeks for which places are given, so every request finds one."""
_FACTS = _PANELS * _REQUESTS_OF_A_PANEL
_LARGEST_SHARES = 12
_EMPTY_PANEL, _WITH_REQUESTS, _SENDER, _READER = "empty_panel", "with_requests", "sender", "panel"


def run() -> list[Measured]:
    """Measure the rate, and once where the time goes."""
    with _prepared_stage() as here:
        rates = []
        for _ in range(_ROUNDS):
            rates.append(_FACTS / _seconds(here))
            say(f"{rates[-1]:,.0f} events/s")
        watched = here.folder / "watched.json"
        _seconds(here, WATCHED=str(watched))
        return [median_of("real_handler.events_per_second", rates, "events/s"), *_shares(watched)]


def quick() -> list[Measured]:
    """Measure where the time goes, and the rate while that is watched."""
    with _prepared_stage() as here:
        watched = here.folder / "watched.json"
        rate = _FACTS / _seconds(here, WATCHED=str(watched))
        return [median_of("real_handler.events_per_second", [rate], "events/s", "while watched"), *_shares(watched)]


@contextmanager
def _prepared_stage() -> Iterator[Stage]:
    with stage() as here:
        ours.prepare(here, 0)
        say(f"preparing {_PANELS} panels with their meetings, and {_FACTS:,} requests")
        _make_panels(here)
        here.copy(ours.EMPTY, _WITH_REQUESTS)
        database = Database(here.url(_WITH_REQUESTS))
        _fill(database)
        database.close()
        yield here


def _make_panels(stage: Stage) -> None:
    stage.postgres.ensure_database(_EMPTY_PANEL)
    migrate(PANEL.name, stage.url(_EMPTY_PANEL))
    resources = resources_of(PANEL, stage.url(_EMPTY_PANEL))
    PANEL.prepare(replace(resources, profile=_with_panels(resources.profile.newest)))
    resources.database.close()
    with stage.connect(_EMPTY_PANEL) as connection:
        connection.execute("VACUUM ANALYZE")


def _with_panels(authority: Authority) -> Profile:
    """Return the authority's rules with panels for the benchmark in place of its own."""
    every_two_weeks = next(panel for panel in authority.panels if panel.recurrence.weeks == 2)
    panels = [replace(every_two_weeks, key=f"bench-{number}", capacity=_PLACES) for number in range(1, _PANELS + 1)]
    return Profile((Version(date(2026, 1, 1), replace(authority, panels=tuple(panels), closures=())),))


def _fill(database: Database) -> None:
    for number in range(_REQUESTS_OF_A_PANEL):
        with database.begin() as session:
            for panel in range(1, _PANELS + 1):
                announce(session, _a_request(f"bench-{panel}", number * _PANELS + panel))


def _a_request(panel_key: str, number: int) -> RequestReadyForPanel:
    return RequestReadyForPanel(
        request_id=uuid4(),
        family_id=uuid4(),
        reference=f"EH-{number:06}",
        kind="request",
        panel_key=panel_key,
        urgency="routine",
        received_on=date(2026, 11, 2),
        children=2,
        level_scheme="bathnes",
        level_version="2024",
        level_number=3,
    )


def _seconds(stage: Stage, **environ: str) -> float:
    stage.copy(_WITH_REQUESTS, _SENDER)
    stage.copy(_EMPTY_PANEL, _READER)
    with (
        ours.both_ready(stage, PANEL, sender=_SENDER, reader=_READER, **environ) as both,
        stage.connect(_READER) as reader,
    ):
        seconds = ours.time_until_written(reader, both, "agenda_item", _FACTS)
        done = reader.execute("SELECT count(*) FROM inbox WHERE status = 'done'").fetchone()
        if done != (_FACTS,):
            raise ours.WentWrong(f"{done} of {_FACTS} requests were handled")
    return seconds


def _shares(watched: Path) -> list[Measured]:
    """Return where the consuming process's time went, the largest shares first, the small ones together."""
    seconds = seconds_in(watched)
    total = sum(seconds.values())
    largest = sorted(seconds, key=lambda what: seconds[what], reverse=True)[:_LARGEST_SHARES]
    rest = total - sum(seconds[what] for what in largest)
    shares = [(what, seconds[what]) for what in largest] + [("everything else", rest)]
    return [
        median_of(f"real_handler.share_{number:02}", [100 * spent / total], "%", what)
        for number, (what, spent) in enumerate(shares, start=1)
    ]
