"""Alembic's way in."""

from shared.migrations import run_environment

run_environment("referrals")
