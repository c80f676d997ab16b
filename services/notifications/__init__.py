"""Turns facts into messages, sends them, and proves that they arrived."""
