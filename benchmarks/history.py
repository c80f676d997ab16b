"""What an event costs when outbox and inbox hold the past of years: none, a million, ten million rows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from psycopg import Connection

from benchmarks import ours
from benchmarks.measured import Measured, median_of
from benchmarks.past import fill_with_past
from benchmarks.progress import say
from benchmarks.stage import Stage, stage

_FACTS = 10_000
_ROUNDS = 5
_SIZES = {"empty": 0, "1m": 1_000_000, "10m": 10_000_000}
_KEEP_TO_ANNOUNCE = """
    CREATE TABLE to_announce AS SELECT * FROM outbox;
    TRUNCATE outbox, outbox_stream;
"""
_ANNOUNCE = """
    INSERT INTO outbox (message_id, topic, family_key, seq, envelope)
    SELECT new_id, topic, in_round, seq, envelope || jsonb_build_object('id', new_id, 'partitionkey', in_round)
    FROM (SELECT gen_random_uuid() AS new_id, family_key || %(round)s::text AS in_round, * FROM to_announce ORDER BY id)
"""


def run() -> list[Measured]:
    """Measure with each length of the past, by turns."""
    return _measure(_SIZES, _ROUNDS)


def quick() -> list[Measured]:
    """Measure once, without and with a million."""
    return _measure({"empty": 0, "1m": 1_000_000}, 1)


def _measure(sizes: Mapping[str, int], rounds: int) -> list[Measured]:
    rates: dict[str, list[float]] = defaultdict(list)
    with stage() as here:
        ours.prepare(here, _FACTS)
        for name, rows in sizes.items():
            say(f"a past of {rows:,} rows in outbox and inbox")
            _make(here, name, rows)
        for number in range(rounds):
            for name in sizes:
                rates[name].append(_rate(here, name, number))
            say(", ".join(f"{name} {values[-1]:,.0f}" for name, values in rates.items()) + " events/s")
    return _figures(rates)


def _make(stage: Stage, name: str, rows: int) -> None:
    stage.copy(ours.FILLED, _sender(name))
    stage.copy(ours.EMPTY, _reader(name))
    with stage.connect(_sender(name)) as sender, stage.connect(_reader(name)) as reader:
        sender.execute(_KEEP_TO_ANNOUNCE)
        with ThreadPoolExecutor() as both:
            filling = [
                both.submit(fill_with_past, sender, "outbox", rows),
                both.submit(fill_with_past, reader, "inbox", rows),
            ]
        for filled in filling:
            filled.result()


def _rate(stage: Stage, name: str, number: int) -> float:
    """Announce the facts once more, as new ones, and return how many a second are handled."""
    with stage.connect(_sender(name)) as sender, stage.connect(_reader(name)) as reader:
        _forget_last_round(sender, reader, is_empty=not _SIZES[name])
        sender.execute(_ANNOUNCE, {"round": f"/{number}"})
        sender.execute("ANALYZE outbox")
        reader.execute("CHECKPOINT")
        with ours.both_ready(stage, sender=_sender(name), reader=_reader(name)) as both:
            return _FACTS / ours.time_until_written(reader, both, "noted", _FACTS)


def _forget_last_round(sender: Connection, reader: Connection, *, is_empty: bool) -> None:
    reader.execute("TRUNCATE noted")
    if is_empty:
        sender.execute("TRUNCATE outbox")
        reader.execute("TRUNCATE inbox")


def _figures(rates: Mapping[str, Sequence[float]]) -> list[Measured]:
    figures = []
    for name, values in rates.items():
        if name != "empty":
            slowdowns = [without / rate for without, rate in zip(rates["empty"], values, strict=True)]
            figures.append(
                median_of(f"history.slowdown_at_{name}", slowdowns, "", "the same with no past, run beside it")
            )
    return figures + [
        median_of(f"history.{name}_events_per_second", values, "events/s") for name, values in rates.items()
    ]


def _sender(name: str) -> str:
    return f"sender_{name}"


def _reader(name: str) -> str:
    return f"reader_{name}"
