"""The same at a terminal: `python -m services messages` and `python -m services topology`."""
