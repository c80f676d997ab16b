"""What the service does: writes notices (`notices.py`) and records what came of sending them (`attempts.py`)."""
