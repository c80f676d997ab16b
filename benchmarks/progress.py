"""What a benchmark tells the person who waits for it."""

import sys


def say(line: str) -> None:
    """Print one line to standard error, at once."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
