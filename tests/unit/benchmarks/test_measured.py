import json
from pathlib import Path

import pytest

from benchmarks.measured import Measured, keep, kept_in, median_of, rounded


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "performance.json"


def a_figure(name: str, value: float = 1.0) -> Measured:
    return Measured(name, value, "ms", "", 5)


def kept(path: Path, *figures: Measured, commit: str = "abc") -> list[str]:
    return [entry["name"] for entry in keep(figures, machine="two cores", commit=commit, path=path)]


def test_a_figure_is_the_median_of_its_runs_and_says_how_many_there_were() -> None:
    figure = median_of("latency.p50_ms", [9.0, 1.0, 5.0, 4.0, 100.0], "ms")
    assert (figure.value, figure.runs) == (5.0, 5)


@pytest.mark.parametrize(("value", "kept"), [(4321.9, 4320), (0.51234, 0.512), (12.0, 12)])
def test_a_figure_keeps_three_digits_because_the_others_would_not_come_again(value: float, kept: float) -> None:
    assert rounded(value) == kept


def test_a_figure_is_kept_with_what_it_was_measured_on(path: Path) -> None:
    keep([a_figure("latency.p50_ms", 4.7)], machine="two cores", commit="abc", path=path)
    assert json.loads(path.read_text(encoding="utf-8")) == [
        {
            "name": "latency.p50_ms",
            "value": 4.7,
            "unit": "ms",
            "compared_to": "",
            "runs": 5,
            "machine": "two cores",
            "commit": "abc",
        }
    ]


def test_a_run_of_one_benchmark_leaves_the_figures_of_the_others(path: Path) -> None:
    kept(path, a_figure("pipeline.events_per_second"), a_figure("latency.p50_ms"))
    keep([a_figure("latency.p50_ms", 3.0)], machine="two cores", commit="def", path=path)
    assert {(entry["name"], entry["commit"]) for entry in kept_in(path)} == {
        ("pipeline.events_per_second", "abc"),
        ("latency.p50_ms", "def"),
    }


def test_a_figure_that_a_benchmark_gives_no_more_is_not_left_behind(path: Path) -> None:
    kept(path, a_figure("pipeline.nameko_events_per_second"), a_figure("pipeline.events_per_second"))
    assert kept(path, a_figure("pipeline.events_per_second")) == ["pipeline.events_per_second"]


def test_before_the_first_run_there_is_nothing(path: Path) -> None:
    assert kept_in(path) == []
