"""The register asked about people, as it grows from ten thousand people to a million."""

import random
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from statistics import quantiles
from time import perf_counter
from typing import TypeVar
from uuid import UUID, uuid4

from psycopg import Connection

from benchmarks.fill_register import fill_register, marks
from benchmarks.measured import Measured, rounded
from benchmarks.people import Household, SomeBody, households, misheard
from benchmarks.progress import say
from benchmarks.stage import Stage, stage
from services.referrals.actions.register import Question, ask_register
from services.referrals.rules.register.fingerprints import Marks
from shared.authority import load_profile
from shared.database import Database
from shared.identity import Person
from shared.migrations import migrate

What = TypeVar("What")

_SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
_EACH = 4
"""People in a household."""

_SEARCHES = 1_000
_ASKED_TWICE = 100
"""Searches that are not counted: connections, plans and the pages most used are there after them."""

_TRIGRAMS = """
    CREATE EXTENSION pg_trgm;
    CREATE TABLE called AS
        SELECT lower(given_name || ' ' || family_name) AS name, request_id FROM child
        UNION ALL SELECT lower(given_name || ' ' || family_name), request_id FROM adult;
    CREATE INDEX ON called USING gin (name gin_trgm_ops);
    ANALYZE called;
"""
_BY_TRIGRAMS = """
    SELECT name, request_id, similarity(name, %(name)s) AS alike FROM called WHERE name %% %(name)s
    ORDER BY alike DESC LIMIT 20
"""
_BY_KEY = "SELECT reference FROM request WHERE id = %s"


def run() -> list[Measured]:
    """Measure each size, and the peer and the limit at the largest."""
    return _measured(_SIZES)


def quick() -> list[Measured]:
    """Measure the smallest."""
    return _measured({"10k": _SIZES["10k"]})


def _measured(sizes: Mapping[str, int]) -> list[Measured]:
    figures: list[Measured] = []
    with stage() as here:
        here.postgres.ensure_database("register")
        migrate("referrals", here.url("register"))
        # One stream of households: a larger register holds the people of the smaller one.
        known, people = households(), 0
        asked = _asked()
        for name, size in sizes.items():
            say(f"a register of {size:,} people")
            with here.connect("register") as connection:
                fill_register(connection, islice(known, (size - people) // _EACH))
            people = size
            figures += _figures(here, name, asked)
        figures += _beside(here, asked, name, figures[-1].value)
    return figures


def _figures(stage: Stage, name: str, asked: Sequence[Marks]) -> list[Measured]:
    database, rule = Database(stage.url("register")), load_profile("bathnes").newest.register
    somebody = Person(uuid4(), "Front door", frozenset({"front_door"}), uuid4(), "A council")
    found = 0

    def search(about: Marks) -> None:
        nonlocal found
        with database.begin() as session:
            answer = ask_register(session, Question(about, "new_request", has_consent=True), by=somebody, rule=rule)
        found += bool(answer.hits)

    times = _times(search, asked)
    database.engine.dispose()
    say(f"{found / (len(asked) + _ASKED_TWICE):.0%} of the searches found somebody")
    p50, p95 = _percentiles(times)
    return [
        Measured(f"register.search_{name}.p50_ms", p50, "ms", "", len(times)),
        Measured(
            f"register.search_{name}.p95_ms", p95, "ms", "a search in its transaction, audit included", len(times)
        ),
    ]


def _beside(stage: Stage, asked: Sequence[Marks], name: str, ours: float) -> list[Measured]:
    """Measure at the size reached last what trigrams take for names alone, and what one row by its key takes."""
    with stage.connect("register") as connection:
        connection.execute(_TRIGRAMS)
        trigrams = _times(lambda about: _by_trigrams(connection, about), asked[:200])
        ids = [row[0] for row in connection.execute("SELECT id FROM request LIMIT 1000").fetchall()]
        key = _times(lambda one: _by_key(connection, one), ids)
    by_trigrams, by_key = _percentiles(trigrams)[1], _percentiles(key)[1]
    return [
        Measured(
            f"register.trigrams_{name}.p95_ms", by_trigrams, "ms", "names alone, by pg_trgm's index", len(trigrams)
        ),
        Measured("register.ratio_to_trigrams", rounded(by_trigrams / ours), "x", "p95 beside p95", 1),
        Measured(f"register.row_by_key_{name}.p95_ms", by_key, "ms", "the limit: one row by its key", len(key)),
    ]


def _asked() -> list[Marks]:
    """Return whom to ask about: four of five are in every register, one of five in none."""
    rng = random.Random(7)
    known = islice(households(), _SIZES["10k"] // _EACH)
    strangers = islice(households(seed=1), _SEARCHES)
    several = rng.sample(list(known), _SEARCHES * 4 // 5) + rng.sample(list(strangers), _SEARCHES // 5)
    rng.shuffle(several)
    return [_as_heard(household, rng) for household in several]


def _as_heard(household: Household, rng: random.Random) -> Marks:
    body: SomeBody = misheard(rng.choice((*household.children, *household.adults)), rng)
    by_birthday = rng.random() < 0.7
    heard = marks(body, household, body.born if by_birthday else None)
    return Marks(heard.given_name, heard.family_name, date_of_birth=heard.date_of_birth) if by_birthday else heard


def _times(ask: Callable[[What], None], several: Sequence[What]) -> list[float]:
    for one in several[:_ASKED_TWICE]:
        ask(one)
    return [_milliseconds(ask, one) for one in several]


def _milliseconds(ask: Callable[[What], None], one: What) -> float:
    began = perf_counter()
    ask(one)
    return (perf_counter() - began) * 1000


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    hundredths = quantiles(times, n=100)
    return rounded(hundredths[49]), rounded(hundredths[94])


def _by_trigrams(connection: Connection, about: Marks) -> None:
    connection.execute(_BY_TRIGRAMS, {"name": f"{about.given_name} {about.family_name}".lower()}).fetchall()


def _by_key(connection: Connection, request_id: UUID) -> None:
    connection.execute(_BY_KEY, (request_id,)).fetchone()
