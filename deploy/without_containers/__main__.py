"""`deploy/without-containers`: start everything, say where it is, and leave nothing behind when stopped."""

import json
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from deploy.setup import nginx
from deploy.without_containers.blocks import PROJECT, ComposeFailed, read_blocks
from deploy.without_containers.places import Places
from deploy.without_containers.processes import BlockFailed, Processes
from deploy.without_containers.servers import delete_queues, drop_databases
from services.embedded.postgres import PrivatePostgres
from services.embedded.together import PortInUse, refuse_port_in_use

_BROKER = "amqp://guest:guest@127.0.0.1:5672//"
_SERVERS = ("postgres", "rabbitmq")
_EXEC = "environments.json"

_folder = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=PROJECT / "var/without-containers",
    help="Where files go while it runs.",
)


@click.group(invoke_without_command=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True)
@click.option("--door", type=click.Choice(["http", "https"]), default="http", show_default=True)
@click.option("--postgres", "admin_url", envvar="POSTGRES_ADMIN_URL", help="A server's superuser; else a private one.")
@click.option("--broker", "broker_url", envvar="BROKER_URL", default=_BROKER, show_default=True)
@_folder
@click.pass_context
def commands(
    context: click.Context, port: int, door: str, admin_url: str | None, broker_url: str, folder: Path
) -> None:
    """Start a training system of the blocks of docker-compose.yml until Ctrl-C."""
    if context.invoked_subcommand is not None:
        return
    if nginx.find() is None:
        raise SystemExit("nginx is not installed; the Debian package nginx-light is enough.")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        refuse_port_in_use(port)
        _run(f"{door}://localhost:{port}", admin_url, broker_url, folder.absolute(), stop)
    except (BlockFailed, ComposeFailed, PortInUse) as failed:
        raise SystemExit(str(failed)) from None


@commands.command("exec", context_settings={"ignore_unknown_options": True})
@_folder
@click.argument("block")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def exec_command(folder: Path, block: str, command: tuple[str, ...]) -> None:
    """Run a command with the environment of a block that runs now, as `docker compose exec` does."""
    environ = json.loads((folder / _EXEC).read_text(encoding="utf-8"))[block]
    os.execvpe(command[0], command, environ)  # noqa: S606 - the command that was asked for


def _run(url: str, admin_url: str | None, broker_url: str, folder: Path, stop: threading.Event) -> None:
    # A training system: without a mail server, and with nobody's family in it.
    wanted = {"TRAINING": "yes", "DOOR": url.partition(":")[0], "CARRIER": "inbox", "PUBLIC_URL": url}
    blocks = read_blocks(PROJECT / "docker-compose.yml", dict(os.environ) | wanted)
    ours = {name: block for name, block in blocks.items() if name not in _SERVERS}
    with ExitStack() as cleaning:
        cleaning.enter_context(_private(folder))
        server = admin_url or cleaning.enter_context(PrivatePostgres(folder / "postgres")).url("postgres")
        # SQLAlchemy's addresses name the driver too.
        server = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
        places = Places(folder, url, ours, server, broker_url)
        # Below a folder that everybody may enter, because nginx does not run as root.
        places.nginx = Path(tempfile.mkdtemp(prefix="early-help-nginx-")) / "files"
        cleaning.callback(shutil.rmtree, places.nginx.parent)
        places.nginx.parent.chmod(0o711)
        places.lay_out()
        cleaning.callback(drop_databases, server, places.databases.values())
        cleaning.callback(delete_queues, broker_url, places.token)
        processes = Processes(ours, places)
        cleaning.callback(processes.stop)
        environs = {name: places.environment(block) for name, block in ours.items()}
        (folder / _EXEC).write_text(json.dumps(environs), encoding="utf-8")
        click.echo(f"Starting {', '.join(ours)} ...")
        processes.start(stop.is_set)
        if not stop.is_set():
            click.echo(f"Ready: {url}  Logs: {folder / 'logs'}  Ctrl-C stops everything.")
        while not stop.wait(0.5):
            processes.check()
        click.echo("Stopping ...")


@contextmanager
def _private(folder: Path) -> Iterator[None]:
    """Hold a folder that only we use, and remove it at the end; raises SystemExit when it is there already."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        raise SystemExit(f"{folder} is there already: another one runs, or was killed. Then remove it.") from None
    try:
        yield
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    commands()
