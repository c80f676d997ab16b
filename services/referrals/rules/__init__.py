"""Decisions of the referrals service: plain functions on plain values."""
