"""Runs one peer beside ours: its two processes, an empty table, and the time until its last row is committed."""

import json
from dataclasses import dataclass
from uuid import uuid4

from benchmarks.ending import Ending, TooSlow
from benchmarks.peers.venv import PYTHON, version_of
from benchmarks.processes import Command, ContenderFailed, made_ready
from benchmarks.progress import say
from benchmarks.stage import BROKER_URL, Stage, plain, remove

DATABASE = "peer"
PEERS = ("celery", "dramatiq", "faststream", "nameko")
_CLASSIC = ("dramatiq", "nameko")
"""They offer no quorum queue: theirs are classic and durable."""
_THREADS = (1, 8)
_FACTS_TO_TRY = 500
_SECONDS_AT_LEAST = 6.0


@dataclass(frozen=True)
class Peer:
    """A library as it is run: in how many threads, and for how many facts, so that a run takes long enough."""

    name: str
    threads: int
    facts: int

    def __str__(self) -> str:
        queue = "classic queue" if self.name in _CLASSIC else "quorum queue"
        return f"{self.name} {version_of(self.name)}, {queue}, {self.threads} thread{'s' if self.threads > 1 else ''}"


def peers_in_their_best_form(stage: Stage) -> list[Peer]:
    """Try each peer one at a time and in threads, and return each as it was faster; one that does not run is left out."""
    found = []
    for name in PEERS:
        try:
            rates = {threads: measure(stage, Peer(name, threads, _FACTS_TO_TRY)) for threads in _THREADS}
        except (ContenderFailed, TooSlow) as failure:
            say(f"{name} does not run here and is left out: {failure}")
            continue
        rate, threads = max((rate, threads) for threads, rate in rates.items())
        found.append(Peer(name, threads, max(_FACTS_TO_TRY, int(rate * _SECONDS_AT_LEAST))))
        say(f"tried {found[-1]}: {rate:,.0f} events/s")
    return found


def measure(stage: Stage, peer: Peer) -> float:
    """Let a peer publish facts and write a row for each; return events a second. Raises ContenderFailed, TooSlow."""
    return peer.facts / _seconds(stage, peer, {})


def waits(stage: Stage, peer: Peer, every_seconds: float) -> list[float]:
    """Let a peer publish facts now and then; return the seconds from just before each was published to its row's commit."""
    said_in = stage.folder / "said.json"
    _seconds(stage, peer, {"EVERY_SECONDS": str(every_seconds), "SAID": str(said_in)})
    said: dict[str, float] = json.loads(said_in.read_text(encoding="utf-8"))
    with stage.connect(DATABASE) as connection:
        kept = connection.execute("SELECT fact_id::text, pg_xact_commit_timestamp(xmin) FROM noted").fetchall()
    return [kept_at.timestamp() - said[fact_id] for fact_id, kept_at in kept]


def _seconds(stage: Stage, peer: Peer, environ: dict[str, str]) -> float:
    name = f"bench-{uuid4().hex[:12]}"
    stage.copy("empty", DATABASE)
    try:
        with (
            made_ready(_commands(stage, peer, name, environ), stage.folder) as (worker, publisher),
            stage.connect(DATABASE) as connection,
        ):
            worker.release()
            ending = Ending(connection, "noted", peer.facts)
            publisher.release()
            return ending.seconds((worker, publisher))
    finally:
        _clear_away(name)


def _commands(stage: Stage, peer: Peer, queue: str, environ: dict[str, str]) -> list[Command]:
    about = environ | {
        "BROKER_URL": BROKER_URL,
        "QUEUE": queue,
        "FACTS": str(peer.facts),
        "THREADS": str(peer.threads),
        "DATABASE": plain(stage.url(DATABASE)),
    }
    program = [str(PYTHON), "-m", f"benchmarks.peers.on_{peer.name}"]
    return [Command(f"{peer.name}-{role}", [*program, role], about) for role in ("work", "publish")]


def _clear_away(name: str) -> None:
    queues = [name, f"{name}.DQ", f"{name}.XQ", f"evt-{name}-noted--{name}.reader.keep"]
    remove(queues, [f"{name}.events", name])
