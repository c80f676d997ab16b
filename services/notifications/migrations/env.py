"""Run by Alembic."""

from shared.migrations import run_environment

run_environment("notifications")
