"""The panel's rules: plain functions on plain values; today and now are arguments."""
