"""What every peer does: publish facts of about 1 KB, each confirmed, and write a row for each before it is acknowledged."""

import json
import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

INSERT = "INSERT INTO noted (fact_id, family_id, number) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
FACTS = int(os.environ.get("FACTS", "0"))
EVERY_SECONDS = float(os.environ.get("EVERY_SECONDS", "0"))
QUEUE = os.environ.get("QUEUE", "")
BROKER_URL = os.environ.get("BROKER_URL", "")
BROKER_URL_OF_PIKA = BROKER_URL.rstrip("/") + ("/%2F" if BROKER_URL.endswith("//") else "")
DATABASE = os.environ.get("DATABASE", "")
PREFETCH = 200
SAID = os.environ.get("SAID", "")
"""Where the publisher leaves when it published which fact."""
THREADS = int(os.environ.get("THREADS", "1"))

_IDS = ("request_id", "meeting_id", "item_id", "agency_id", "service_id", "practitioner_id", "plan_id", "review_id")
_own = threading.local()
_said: dict[str, float] = {}


def a_fact(number: int) -> dict[str, Any]:
    """Return a fact in the envelope that ours has, so that the bodies are of one size."""
    fact_id, family_id, today = str(uuid4()), str(uuid4()), date(2026, 11, 2).isoformat()
    _said[fact_id] = time.time()
    data = {"fact_id": fact_id, "family_id": family_id, "number": number, "noted_on": today, "due_on": today}
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/bench",
        "type": "bench.case_noted.v1",
        "time": "2026-11-02T09:00:00.000000Z",
        "datacontenttype": "application/json",
        "partitionkey": family_id,
        "sequence": "1",
        "requestid": "",
        "data": data | {name: str(uuid4()) for name in _IDS},
    }


def values_of(fact: dict[str, Any]) -> tuple[str, str, int]:
    """Return what is written of a fact."""
    data = fact["data"]
    return data["fact_id"], data["family_id"], data["number"]


def keep(fact: dict[str, Any]) -> None:
    """Write the row of a fact and commit, on this thread's own connection; once, however often it comes."""
    if not hasattr(_own, "connection"):
        _own.connection = psycopg.connect(DATABASE, autocommit=True)
    _own.connection.execute(INSERT, values_of(fact))


def say_ready() -> None:
    """Tell the benchmark that this process can begin."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def ready_then_go() -> None:
    """Say that this process can begin, and wait to be told."""
    say_ready()
    sys.stdin.readline()


def leave_when_told() -> None:
    """End this process when its standard input ends, whatever else it does then."""

    def wait() -> None:
        while os.read(0, 1024):
            pass
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def paced() -> Iterator[int]:
    """Count the facts to send: as fast as they are taken, or at the moments that were asked for."""
    due = time.monotonic()
    chance = random.Random(1)
    for number in range(FACTS):
        if EVERY_SECONDS:
            due += chance.expovariate(1 / EVERY_SECONDS)
            time.sleep(max(0.0, due - time.monotonic()))
        yield number
    if SAID:
        Path(SAID).write_text(json.dumps(_said), encoding="utf-8")
