"""Runs the directory's migrations."""

from shared.migrations import run_environment

run_environment("directory")
