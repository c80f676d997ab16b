"""What was measured, and the file that keeps it: `docs/performance.json`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

KEPT_IN = Path(__file__).parents[1] / "docs" / "performance.json"


@dataclass(frozen=True)
class Measured:
    """One figure: `pipeline.events_per_second`, the median of `runs` runs. `compared_to` says in words what stands beside it."""

    name: str
    value: float
    unit: str
    compared_to: str
    runs: int

    @property
    def benchmark(self) -> str:
        """Return the benchmark that it belongs to."""
        return self.name.partition(".")[0]


def median_of(name: str, values: Sequence[float], unit: str, compared_to: str = "") -> Measured:
    """Return the median of some runs as one figure."""
    return Measured(name, rounded(median(values)), unit, compared_to, len(values))


def rounded(value: float) -> float:
    """Return the value with three digits that say something, as more of them would not come again."""
    return float(f"{value:.3g}")


def keep(measured: Sequence[Measured], *, machine: str, commit: str, path: Path = KEPT_IN) -> list[dict[str, Any]]:
    """Put figures into the file, in place of all earlier ones of the same benchmarks; return what it holds now."""
    new = [asdict(figure) | {"machine": machine, "commit": commit} for figure in measured]
    replaced = {figure.benchmark for figure in measured}
    kept = [entry for entry in kept_in(path) if _benchmark_of(entry) not in replaced] + new
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return kept


def kept_in(path: Path = KEPT_IN) -> list[dict[str, Any]]:
    """Return what the file holds, nothing when there is none yet."""
    if not path.exists():
        return []
    kept: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def _benchmark_of(entry: Mapping[str, Any]) -> str:
    return str(entry["name"]).partition(".")[0]
