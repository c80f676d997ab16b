"""What a service is made of, and what it holds while it runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import click
from flask import Flask

from shared.authority import AUTHORITIES, Authority, Profile, load_profile
from shared.clock import Clock, SystemClock, TrainingClock
from shared.database import Database
from shared.london import london_date
from shared.messaging.reader import EventReader
from shared.neighbours import Neighbours
from shared.settings import count, port, secret, setting, yes_or_no
from shared.timetable import Job

SERVICES = ("directory", "referrals", "panel", "notifications")


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("must say its time zone, as 2026-11-02T09:00+00:00")
    return instant


@dataclass(frozen=True, kw_only=True)
class ServiceSettings:
    """The settings that every service reads; each adds its own `database_url`."""

    database_url: str
    broker_url: str = setting("BROKER_URL", default="memory://")
    broker_prefix: str = setting("BROKER_PREFIX", default="earlyhelp")
    public_url: str = setting("PUBLIC_URL", default="http://127.0.0.1:8080")
    neighbours_at: str = setting("NEIGHBOURS_AT", default="http://127.0.0.1:8080/{service}")
    neighbour_key: str = setting("NEIGHBOUR_KEY", read=secret)
    session_public_key: str = setting("SESSION_PUBLIC_KEY")
    page_key: str = setting("PAGE_KEY", read=secret)
    proxies_in_front: int = setting("PROXIES_IN_FRONT", default=0, read=count)
    """How many proxies stand in front, each of which adds to X-Forwarded-For and sets -Proto and -Host; 0 believes none."""
    metrics_port: int | None = setting("METRICS_PORT", default=None, read=port)
    """Where Prometheus may read this process' figures; nowhere unless said."""
    metrics_bind: str = setting("METRICS_BIND", default="127.0.0.1")
    authority: str = setting("AUTHORITY", default="bathnes", choices=AUTHORITIES)
    clock: str = setting("CLOCK", default="system", choices=("system", "training"))
    is_training: bool = setting("TRAINING", default=False, read=yes_or_no)
    training_starts_at: datetime | None = setting("TRAINING_STARTS_AT", default=None, read=_instant)

    def __post_init__(self) -> None:
        if self.clock == "training" and not self.is_training:
            raise SystemExit("Cannot start: CLOCK=training is only for a training system (TRAINING=yes).")
        if not self.is_training and not self.public_url.startswith("https://"):
            raise SystemExit("Cannot start: PUBLIC_URL must start with https:// unless this is a training system.")


@dataclass(frozen=True)
class Resources:
    """What a running service holds: its settings, database, clock, neighbours and the authority's rules."""

    settings: Any
    database: Database
    clock: Clock
    neighbours: Neighbours
    profile: Profile

    @property
    def authority(self) -> Authority:
        """Return the authority's rules in force now."""
        return self.profile.on(london_date(self.clock.now()))


@dataclass(frozen=True)
class Loop:
    """A sweep that runs all the time: `run` does one piece of work and says whether there was any.

    It looks for work when facts were handled in its own process, and every few seconds in any case.
    """

    run: Callable[[Resources], bool]
    every_seconds: float

    @property
    def name(self) -> str:
        """Return the function's name."""
        return self.run.__name__


@dataclass(frozen=True)
class Service:
    """A deployable: its name, its doors and what its `work` process runs."""

    name: str
    settings: type[ServiceSettings]
    create_app: Callable[[Resources], Flask]
    events: EventReader
    timetable: Sequence[Job] = ()
    loops: Sequence[Loop] = ()
    commands: Sequence[click.Command] = ()
    """What only this service does at a terminal, beside web, work and migrate."""
    prepare: Callable[[Resources], None] = field(default=lambda _resources: None)
    """Runs after the migrations at every start, safe to repeat: such as the panels of the authority's profile."""


def open_resources(service: str, settings: ServiceSettings) -> Resources:
    """Open what a service holds while it runs."""
    database = Database(settings.database_url)
    clock = _clock(settings, database)
    clock.now()  # A training clock takes its first reading here, before an event can move it.
    return Resources(
        settings=settings,
        database=database,
        clock=clock,
        neighbours=Neighbours(service, settings.neighbours_at, settings.neighbour_key),
        profile=load_profile(settings.authority),
    )


def _clock(settings: ServiceSettings, database: Database) -> Clock:
    if settings.clock == "system":
        return SystemClock()
    now = SystemClock().now().replace(second=0, microsecond=0)
    return TrainingClock(database.engine, settings.training_starts_at or now)
