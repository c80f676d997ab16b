"""How the operator's commands speak: on which screen, an age, and who the operator is."""

import getpass
import os
import sys
from collections.abc import Iterable
from datetime import datetime

from rich.console import Console

_WIDTH_ELSEWHERE = 240


def age(now: datetime, since: datetime | None) -> str:
    """Return how long ago an instant was, in the unit that fits; "" when it is not known."""
    if since is None:
        return ""
    minutes = int((now - since).total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"


def operator() -> str:
    """Return who is at the terminal, as the audit names them."""
    return f"operator {getpass.getuser()}"


def screen(*, is_for_errors: bool = False) -> Console:
    """Return the terminal; what stands in brackets is printed as it is, for a reason may hold any text."""
    # Where nobody looks, as in a pipe, lines are long enough to be searched.
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDTH_ELSEWHERE
    return Console(stderr=is_for_errors, markup=False, highlight=False, width=width)


def complain(problems: Iterable[str]) -> None:
    """Print what could not be done, a line each."""
    for problem in problems:
        screen(is_for_errors=True).print(problem, soft_wrap=True)
