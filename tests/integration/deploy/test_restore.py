"""The commands for backing up and restoring that `docs/deploying.md` gives, on real servers."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from services.embedded.postgres import PrivatePostgres
from services.embedded.postgres.account import account_for
from services.embedded.postgres.programs import programs
from shared.messaging.tables import outbox
from tests.integration.conftest import Running
from tests.integration.deploy.conftest import ROOT

GUIDE = (ROOT / "docs/deploying.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_copy_taken_while_it_runs_is_a_server_with_the_same_rows(tmp_path: Path) -> None:
    found = re.search(r"exec -T postgres (pg_basebackup .*?) \| gzip", GUIDE)
    assert found, "the guide says how to back up"
    with PrivatePostgres(tmp_path / "first") as first:
        first.ensure_database("panel")
        with psycopg.connect(_libpq(first.url("panel")), autocommit=True) as connection:
            connection.execute("CREATE TABLE family (id int)")
            connection.execute("INSERT INTO family VALUES (7)")
            sockets = str(make_url(first.url("panel")).query["host"])
            program, *options = found[1].split()
            copy = subprocess.run(
                [str(programs() / program), f"--host={sockets}", *options], capture_output=True, check=True
            ).stdout
            connection.execute("INSERT INTO family VALUES (8)")
    data = tmp_path / "second/data"
    data.mkdir(parents=True, mode=0o700)
    subprocess.run(["tar", "-x", "-C", data], input=copy, check=True)
    account = account_for(tmp_path / "nowhere")
    subprocess.run(["chown", "-R", f"{account.uid}:{account.gid}", data], check=True)
    with (
        PrivatePostgres(tmp_path / "second") as second,
        psycopg.connect(_libpq(second.url("panel"))) as connection,
    ):
        assert connection.execute("SELECT id FROM family").fetchall() == [(7,)]


def test_what_was_on_its_way_is_sent_again_and_what_is_long_past_is_not(start: Callable[..., Running]) -> None:
    found = re.search(r'psql --username=postgres \$service -c "(.*?)"', GUIDE)
    assert found, "the guide says how to send again"
    panel = start("panel")
    row = {"topic": "x", "family_key": "f", "envelope": {}}
    with panel.database.begin() as session:
        for seq, ago in enumerate(("2 hours", "59 minutes", "0 minutes"), start=1):
            sent_at = sa.text(f"now() - interval '{ago}'")
            message_id = sa.func.gen_random_uuid()
            session.execute(sa.insert(outbox).values(**row, seq=seq, message_id=message_id, sent_at=sent_at))
        session.execute(sa.text(found[1]))
    with panel.database.read() as session:
        assert session.scalars(sa.select(outbox.c.seq).where(outbox.c.sent_at.is_(None))).all() == [2, 3]


def _libpq(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
