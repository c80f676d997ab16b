"""Everything in one process, for `make run` and for the tests."""
