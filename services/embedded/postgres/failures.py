"""Why there is no PostgreSQL."""


class AlreadyRunning(Exception):
    """Another process runs PostgreSQL in this folder; the text names the process and the folder."""


class PostgresFailed(Exception):
    """PostgreSQL did not start or stop; the text says why, with the end of its log."""
