"""Decisions on plain values: no web, no SQL, no clock."""
