"""Runs the panel service's migrations."""

from shared.migrations import run_environment

run_environment("panel")
