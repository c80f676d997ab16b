"""Private RabbitMQ nodes that a test may stop, kill, freeze and choke without harming anybody else's broker."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from services.embedded.together import free_port
from services.embedded.waiting import wait_until

PROGRAMS = Path("/usr/lib/rabbitmq/bin")
"""Debian's own scripts: those of the same name in /usr/sbin run everything as the account of the machine's broker."""
_AMQP_GREETING = b"AMQP\x00\x00\x09\x01"
_SECONDS_TO_START = 90
_SECONDS_TO_STOP = 20


def need_rabbitmq_server() -> None:
    """Skip the test where RabbitMQ's programs are not installed, saying how to get them; fail it in CI."""
    if (PROGRAMS / "rabbitmq-server").exists():
        return
    if os.environ.get("CI"):
        pytest.fail("CI must have Debian's rabbitmq-server")
    pytest.skip("no private RabbitMQ can be started; Debian's package rabbitmq-server is enough")


class Node:
    """One RabbitMQ server, alone or with peers, that lives no longer than this process."""

    def __init__(self, folder: Path, names_port: int, number: int = 1, *, of: int = 1) -> None:
        self.folder = folder / f"rabbitmq{number}"
        self.name = f"node{number}@localhost"
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._environ = _environment(self.folder, self.name, names_port)
        self.folder.mkdir(parents=True)
        peers = [f"node{peer}@localhost" for peer in range(1, of + 1)] if of > 1 else []
        (self.folder / "rabbitmq.conf").write_text(_configuration(self.port, peers))
        (self.folder / "plugins").write_text("[].")
        cookie = self.folder / ".erlang.cookie"
        cookie.write_text("onlythesetests")
        cookie.chmod(0o400)

    @property
    def url(self) -> str:
        """Return where clients connect."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    @property
    def is_running(self) -> bool:
        """Say whether the server was started and neither stopped nor killed."""
        return self._process is not None

    def start(self, *, wait: bool = True) -> None:
        """Start the server, and return when it speaks AMQP unless told not to wait."""
        with (self.folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig=KILL", str(PROGRAMS / "rabbitmq-server")],
                env=self._environ,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        if wait:
            self.wait_until_it_answers()

    def wait_until_it_answers(self) -> None:
        """Return when the server speaks AMQP."""
        wait_until(self._answers, f"{self.name} answers", seconds=_SECONDS_TO_START)

    def stop(self) -> None:
        """Stop the server as an operator does."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the server as a power cut does."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Let the server stand still, with its connections open."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen server go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def ctl(self, *words: str) -> str:
        """Return what `rabbitmqctl` says to these words."""
        command = [str(PROGRAMS / "rabbitmqctl"), "--quiet", *words]
        done = subprocess.run(command, env=self._environ, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self.folder / "output").read_text(errors="replace")[-2000:]
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
            connection.sendall(_AMQP_GREETING)
            return connection.recv(8)[:1] == b"\x01"
        return False


@contextmanager
def broker(folder: Path) -> Iterator[Node]:
    """Give one running node."""
    with _nodes(folder, 1) as [node]:
        yield node


@contextmanager
def cluster(folder: Path) -> Iterator[Sequence[Node]]:
    """Give three running nodes that form a cluster."""
    with _nodes(folder, 3) as nodes:
        wait_until(lambda: _members(nodes[0]) == 3, "three nodes in one cluster", seconds=60)
        yield nodes


def _members(node: Node) -> int:
    return int(node.ctl("eval", "length(rabbit_nodes:all_running())."))


@contextmanager
def _nodes(folder: Path, count: int) -> Iterator[Sequence[Node]]:
    names_port = free_port()
    # Erlang's nodes find each other by name; a name server of our own keeps them apart from the machine's broker.
    names = subprocess.Popen(["setpriv", "--pdeathsig=KILL", *_name_server(names_port)], stderr=subprocess.DEVNULL)
    nodes = [Node(folder, names_port, number, of=count) for number in range(1, count + 1)]
    try:
        for node in nodes:
            node.start(wait=False)
        for node in nodes:
            node.wait_until_it_answers()
        yield nodes
    finally:
        for node in nodes:
            node.kill()
        names.kill()
        names.wait()
        for node in nodes:
            shutil.rmtree(node.folder)


def _name_server(port: int) -> list[str]:
    return ["epmd", "-port", str(port), "-address", "127.0.0.1"]


def _environment(folder: Path, name: str, names_port: int) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "ERL_EPMD_PORT": str(names_port),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": name,
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        # Has the script become the server, instead of waiting for it: so that a kill reaches the server.
        "RABBITMQ_ALLOW_INPUT": "1",
        # One thread for each node: three of them, and the services, share the cores of a small machine.
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
            "-noinput +S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}"
        ),
    }


def _configuration(port: int, peers: Sequence[str]) -> str:
    lines = [
        f"listeners.tcp.1 = 127.0.0.1:{port}",
        "log.console = false",
        "vm_memory_high_watermark.absolute = 600MB",
        "disk_free_limit.absolute = 50MB",
        "cluster_partition_handling = pause_minority",
        "net_ticktime = 8",
    ]
    if peers:
        lines += ["cluster_formation.peer_discovery_backend = classic_config"]
        lines += [f"cluster_formation.classic_config.nodes.{place} = {peer}" for place, peer in enumerate(peers, 1)]
    return "\n".join(lines) + "\n"
