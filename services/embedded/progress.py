"""Progress of long steps: a live line on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Iterable, Iterator, Sized
from typing import TypeVar

from rich.console import Console
from rich.progress import track

_Item = TypeVar("_Item")

_WIDTH_ELSEWHERE = 130

console = Console(
    file=sys.stdout, highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _WIDTH_ELSEWHERE
)


def say(text: str) -> None:
    """Print one line."""
    console.print(text, markup=False)
    sys.stdout.flush()


def with_progress(items: Iterable[_Item], text: str) -> Iterator[_Item]:
    """Yield the items, showing how far it is."""
    if console.is_terminal:
        yield from track(items, description=text, console=console, transient=True)
        return
    total = f" ({len(items)})" if isinstance(items, Sized) else ""
    say(f"{text}{total} ...")
    yield from items
