"""`python -m benchmarks [NAME ...]`: run benchmarks, keep their figures in docs/performance.json and write the page."""

import argparse
from importlib import import_module

from benchmarks.machine import commit, machine
from benchmarks.measured import keep
from benchmarks.page import PAGE, page
from benchmarks.progress import say
from benchmarks.targets import BENCHMARKS


def main() -> None:
    """Run what was named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument(
        "--quick", action="store_true", help="once and ours alone, where a benchmark can; keeps nothing"
    )
    asked = parser.parse_args()
    if unknown := sorted(set(asked.names) - set(BENCHMARKS)):
        parser.error(f"{', '.join(unknown)}: there is {', '.join(BENCHMARKS)}")
    for name in asked.names or BENCHMARKS:
        say(f"== {name}")
        _run(name, is_quick=asked.quick)


def _run(name: str, *, is_quick: bool) -> None:
    benchmark = import_module(f"benchmarks.{name}")
    measured = benchmark.quick() if is_quick else benchmark.run()
    for figure in measured:
        say(f"   {figure.name} = {figure.value:g} {figure.unit}  {figure.compared_to}")
    if not is_quick:
        kept = keep(measured, machine=machine(), commit=commit())
        PAGE.write_text(page(kept), encoding="utf-8")


if __name__ == "__main__":
    main()
