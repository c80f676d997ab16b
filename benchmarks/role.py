"""A process that does one role of the `work` process: `python -m benchmarks.role publish bench`.

It takes DATABASE_URL, BROKER_URL and BROKER_PREFIX from its environment, says when it is ready, begins when it is told
to, and stops when its standard input ends. With WATCHED it leaves there where its time went.
"""

import os
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.case import SERVICE, resources_of
from benchmarks.stopwatch import leave, watch_consumer
from shared.logs import start_logs
from shared.service import Service
from shared.work import Worker, open_transport


def main(role: str, service_name: str) -> None:
    """Run the role as `work --only` runs it."""
    start_logs(level="WARNING")
    service: Service = (
        SERVICE if service_name == SERVICE.name else import_module(f"services.{service_name}.app").SERVICE
    )
    resources = resources_of(service, os.environ["DATABASE_URL"])
    resources.database.answers()
    watched = os.environ.get("WATCHED")
    stopwatch = watch_consumer() if watched else None
    transport = open_transport(os.environ["BROKER_URL"], os.environ["BROKER_PREFIX"])
    worker = Worker(service, resources, transport, (role,))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    worker.start()
    sys.stdin.read()
    worker.stop()
    resources.database.close()
    if watched and stopwatch:
        leave(stopwatch, Path(watched))


if __name__ == "__main__":
    main(*sys.argv[1:])
