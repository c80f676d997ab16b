"""Events a second, end to end: PostgreSQL outbox, quorum queue, inbox and a row in PostgreSQL, each exactly once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import median

from benchmarks import limit, ours
from benchmarks.measured import Measured, median_of
from benchmarks.peers import contest
from benchmarks.peers.venv import provide
from benchmarks.progress import say
from benchmarks.stage import Stage, stage

FACTS = 20_000
_ROUNDS = 5
_OURS, _LIMIT = "ours", "limit"


def run() -> list[Measured]:
    """Measure ours, the limit and every peer by turns."""
    provide()
    with _filled_stage() as here:
        peers = contest.peers_in_their_best_form(here)
        rates: dict[str, list[float]] = defaultdict(list)
        for _ in range(_ROUNDS):
            rates[_OURS].append(ours.measure(here, FACTS))
            rates[_LIMIT].append(limit.measure(here, FACTS))
            for peer in peers:
                rates[peer.name].append(contest.measure(here, peer))
            say(", ".join(f"{name} {values[-1]:,.0f}" for name, values in rates.items()) + " events/s")
    return _figures(rates, peers)


def quick() -> list[Measured]:
    """Measure ours alone, once: to look at while one changes something."""
    with _filled_stage() as here:
        return [median_of("pipeline.events_per_second", [ours.measure(here, FACTS)], "events/s")]


@contextmanager
def _filled_stage() -> Iterator[Stage]:
    with stage() as here:
        say(f"filling an outbox with {FACTS:,} facts")
        ours.prepare(here, FACTS)
        yield here


def _figures(rates: Mapping[str, Sequence[float]], peers: Sequence[contest.Peer]) -> list[Measured]:
    figures = [
        median_of("pipeline.events_per_second", rates[_OURS], "events/s"),
        median_of("pipeline.ratio_to_limit", _ratios(rates, _LIMIT), "", "bare pika and psycopg, run beside it"),
        median_of("pipeline.limit_events_per_second", rates[_LIMIT], "events/s"),
    ]
    if peers:
        best = max(peers, key=lambda peer: median(rates[peer.name]))
        ratios = _ratios(rates, best.name)
        figures.insert(1, median_of("pipeline.ratio_to_best_peer", ratios, "", f"{best}, run beside it"))
    for peer in peers:
        name = f"pipeline.{peer.name}_events_per_second"
        figures.append(median_of(name, rates[peer.name], "events/s", str(peer)))
    return figures


def _ratios(rates: Mapping[str, Sequence[float]], other: str) -> list[float]:
    """Return ours over another's, each from one round."""
    return [mine / theirs for mine, theirs in zip(rates[_OURS], rates[other], strict=True)]
