"""What must be on the machine before `make run` and `make test` can work.

Standard library only: the machine's own Python starts this, before `.venv` exists.
"""
