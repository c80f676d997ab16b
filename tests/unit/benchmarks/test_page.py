import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __path__ as benchmarks_path
from benchmarks.measured import kept_in
from benchmarks.page import PAGE, page
from benchmarks.targets import BENCHMARKS, TARGETS


def an_entry(name: str, value: float) -> dict[str, Any]:
    about = {"unit": "ms", "compared_to": "beside", "runs": 5, "machine": "two cores", "commit": "abc"}
    return {"name": name, "value": value} | about


@pytest.mark.parametrize(
    ("name", "value", "verdict"),
    [
        ("latency.p95_ms", 12.0, "at most 12: met"),
        ("latency.p95_ms", 12.1, "at most 12: **not met**"),
        ("pipeline.events_per_second", 4000, "at least 4,000: met"),
        ("pipeline.events_per_second", 3999, "at least 4,000: **not met**"),
    ],
)
def test_a_figure_stands_beside_its_target_and_says_whether_it_meets_it(name: str, value: float, verdict: str) -> None:
    assert f"| `{name}` | {value:,g} ms | {verdict} | 5 | beside |" in page([an_entry(name, value)])


def test_a_figure_without_a_target_only_tells() -> None:
    assert "| `pipeline.nameko_events_per_second` | 158 ms |  | 5 | beside |" in page(
        [an_entry("pipeline.nameko_events_per_second", 158)]
    )


def test_a_benchmark_that_has_not_run_has_no_section() -> None:
    written = page([an_entry("latency.p95_ms", 5)])
    assert re.findall("ONLY=([a-z_]+)", written) == ["latency"]


def test_the_page_says_on_what_it_was_measured() -> None:
    assert "On two cores, of abc." in page([an_entry("latency.p95_ms", 5)])


def test_every_target_belongs_to_a_benchmark_that_can_be_run() -> None:
    assert {name.partition(".")[0] for name in TARGETS} <= set(BENCHMARKS)
    for name in BENCHMARKS:
        assert Path(benchmarks_path[0], f"{name}.py").exists()


def test_the_page_tells_what_the_file_of_figures_keeps() -> None:
    written = PAGE.read_text(encoding="utf-8") if PAGE.exists() else page([])
    assert written == page(kept_in())
