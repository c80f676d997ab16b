"""Writes `docs/performance.md` from what `docs/performance.json` keeps."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.targets import BENCHMARKS, TARGETS

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
_INTRODUCTION = (
    "# What it costs\n\n"
    "Written by `make bench` from `docs/performance.json`; a test fails when the two differ. Each figure is the median of"
    " its runs, and what is compared ran by turns in one go: a ratio says more than a figure, since machines differ and drift.\n"
)


def page(kept: Sequence[Mapping[str, Any]]) -> str:
    """Return the page: for each benchmark that has run, what it does and its figures beside their targets."""
    parts = [_INTRODUCTION]
    for name, (title, what) in BENCHMARKS.items():
        figures = [entry for entry in kept if entry["name"].partition(".")[0] == name]
        if figures:
            parts.append(_section(name, title, what, figures))
    return "\n".join(parts)


def _section(name: str, title: str, what: str, figures: Sequence[Mapping[str, Any]]) -> str:
    rows = [_row(figure) for figure in figures]
    measured = sorted({f"On {figure['machine']}, of {figure['commit']}." for figure in figures})
    return "\n".join(
        (
            f"## {title}\n",
            f"{what}\n",
            "| figure | value | target | runs | beside it |",
            "|---|---:|---|---:|---|",
            *rows,
            "",
            f"Again: `make bench ONLY={name}`. {' '.join(measured)}\n",
        )
    )


def _row(figure: Mapping[str, Any]) -> str:
    target = TARGETS.get(figure["name"])
    verdict = "" if target is None else f"{target}: {'met' if target.is_met_by(figure['value']) else '**not met**'}"
    value = f"{figure['value']:,g} {figure['unit']}".strip()
    return f"| `{figure['name']}` | {value} | {verdict} | {figure['runs']} | {figure['compared_to']} |"
