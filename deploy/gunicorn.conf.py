"""How gunicorn serves a service: `python -m services.<name> web` reads this. Settings: PORT, BIND, METRICS_PORT, METRICS_BIND, WEB_WORKERS, WEB_THREADS."""

import itertools
import os
from typing import Any


def _number(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not int(text):
        raise SystemExit(f"Cannot start: {name} must be a whole number from 1 on, not {text!r}.")
    return int(text)


bind = [f"{os.environ.get('BIND') or '127.0.0.1'}:{_number('PORT', 8000)}"]
# A door of its own, of which nginx does not know: nobody outside reads the figures (shared/metrics/workers.py).
if os.environ.get("METRICS_PORT"):
    bind.append(f"{os.environ.get('METRICS_BIND') or '127.0.0.1'}:{_number('METRICS_PORT', 0)}")
worker_class = "gthread"
workers = _number("WEB_WORKERS", 2)
threads = _number("WEB_THREADS", 4)

# A worker that does not say for this long that it lives is replaced; waiting for a slow request does not hinder it.
timeout = 30
graceful_timeout = 10
keepalive = 5

# Workers are replaced now and then, not all at once, so that what leaks in a library does not add up.
max_requests = 5000
max_requests_jitter = 500

# What a browser or a portal sends is far below these; the bodies' limit is the app's own.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

# Workers tell that they live through a file; on a disk that is busy that could take longer than `timeout`.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - gunicorn makes a private file in it

# By default all services of a user would share one socket, and the first to stop would remove it.
control_socket_disable = True

# Whom to believe about the browser's address and scheme is PROXIES_IN_FRONT's business, in shared/web/app.py.
forwarded_allow_ips = ""

accesslog = None


def pre_fork(arbiter: Any, worker: Any) -> None:
    """Give the worker the lowest number that no living one has."""
    taken = {other.number for other in arbiter.WORKERS.values()}
    worker.number = next(number for number in itertools.count(1) if number not in taken)


def post_fork(_arbiter: Any, worker: Any) -> None:
    """Tell the worker its number, and how it knows that it is to stop."""
    worker.app.begin_worker(worker.number, lambda: not worker.alive)


def worker_exit(_arbiter: Any, worker: Any) -> None:
    """Let the worker's database connections go."""
    worker.app.close()


def on_exit(arbiter: Any) -> None:
    """Leave nothing behind."""
    arbiter.app.end()
