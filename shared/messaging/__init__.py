"""Facts from one service to the others, without losing one.

`announce()` writes a fact to the outbox in the transaction that made it true; the publisher sends it;
the consumer takes it into the inbox and handles it in one transaction; `EventReader.handles` says who reacts.
"""
