"""National code sets as data: one CSV a set, `code,label`."""

import csv
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def code_set(name: str) -> dict[str, str]:
    """Return a national code set, code to label, in its published order; raises FileNotFoundError."""
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["label"] for row in csv.DictReader(file)}
