"""Decisions about messages: plain functions on plain values."""
