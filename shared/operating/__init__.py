"""What operators see and do: messages that are held up, dead letters, a service's past, and what the broker has.

The core in `shared/messaging/` works without any of this.
"""
