"""`python -m services run|demo|clock|migrate|messages|topology`: the four services together, for people at a terminal."""

import os
import sys
from datetime import datetime
from pathlib import Path

import click

from services.embedded.together import ALL, Options
from shared.logs import start_logs
from shared.operating.commands import WithOperatorsCommands
from shared.service import SERVICES

_TREE = Path(__file__).parents[1]


@click.group(cls=WithOperatorsCommands, help="Early help panels: everything together.")
@click.pass_context
def commands(context: click.Context) -> None:
    """Gather the commands."""
    context.obj = ALL


@commands.command("run", help="Start everything in one process (PORT, VAR, AUTHORITY, CLOCK, FRESH, BROKER_URL).")
def run_command() -> None:
    """Run until stopped."""
    from services.embedded.run import run

    options = options_from(dict(os.environ))
    options.var.mkdir(parents=True, exist_ok=True)
    log_file = (options.var / f"{options.authority}.log").open("a", encoding="utf-8")
    start_logs(stream=log_file)
    run(options, fresh=os.environ.get("FRESH", "") not in ("", "0", "no"))


@commands.command("migrate", help="Bring the four databases and their queues to what the code expects.")
def migrate_command() -> None:
    """Migrate every service, one after the other."""
    from shared.main import bring_up_to_date

    start_logs()
    for service in ALL:
        click.echo(f"{service.name} ...")
        bring_up_to_date(service, os.environ)


@commands.command("demo", help="Watch a fortnight pass: the whole story in the terminal, on a training clock.")
def demo_command() -> None:
    """Play the story."""
    from services.demo.story import play

    play(os.environ.get("AUTHORITY") or "bathnes", broker_url=os.environ.get("BROKER_URL") or "memory://")


@commands.command("clock", help="Move a running system's training clock on, by hours or days: +14d, +6h.")
@click.argument("by")
@click.option("--url", envvar="PUBLIC_URL", default="http://127.0.0.1:8080")
@click.option("--email", default="admin@earlyhelp.example")
@click.option("--password", envvar="SAMPLE_PASSWORD", default="a long walk by the river")
def clock_command(by: str, url: str, email: str, password: str) -> None:
    """Move the clock."""
    from services.embedded.client import Client

    if not by.startswith("+") or by[-1:] not in ("d", "h") or not by[1:-1].isdigit():
        raise click.BadParameter("say +14d or +6h")
    hours = int(by[1:-1]) * (24 if by.endswith("d") else 1)
    moved = Client.signed_in(url, email, password).post("directory", "/clock", {"by_hours": hours})
    click.echo(f"The clock moves to {moved['moves_to']}.")


def options_from(environ: dict[str, str]) -> Options:
    """Return the options that the environment asks for; raises SystemExit on a port that is none."""
    port = environ.get("PORT") or "8080"
    if not port.isdigit() or not 0 < int(port) < 65536:
        sys.exit(f"PORT must be a number from 1 to 65535, not {port!r}.")
    urls = {name: environ.get(f"DATABASE_URL_{name.upper()}", "") for name in SERVICES}
    return Options(
        var=Path(environ.get("VAR") or _TREE / "var").absolute(),
        port=int(port),
        authority=environ.get("AUTHORITY") or "bathnes",
        clock=environ.get("CLOCK") or "training",
        training_starts_at=_instant(environ.get("TRAINING_STARTS_AT", "")),
        broker_url=environ.get("BROKER_URL") or "memory://",
        broker_prefix=environ.get("BROKER_PREFIX") or "earlyhelp",
        database_urls={name: url for name, url in urls.items() if url},
    )


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


if __name__ == "__main__":
    commands()
