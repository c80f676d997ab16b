"""`python -m services.<name> web|work|migrate|messages`: the same commands for every service, and its own."""

import os
import signal
import threading
from collections.abc import Sequence

import click
from waitress import serve

from shared.logs import start_logs
from shared.messages import messages
from shared.migrations import migrate
from shared.service import Service, open_resources
from shared.settings import read_settings
from shared.work import ROLES, Worker, open_transport


def main(service: Service) -> None:
    """Run the command line of a service."""
    _commands(service)()


def _commands(service: Service) -> click.Group:
    @click.group(help=f"The {service.name} service.")
    @click.pass_context
    def commands(context: click.Context) -> None:
        context.obj = service
        start_logs()

    commands.add_command(messages)

    @commands.command("migrate", help="Bring the database to the newest migration.")
    def migrate_command() -> None:
        settings = read_settings(service.settings, os.environ)
        migrate(service.name, settings.database_url)
        resources = open_resources(service.name, settings)
        service.prepare(resources)
        if settings.broker_url != "memory://":
            open_transport(settings.broker_url, settings.broker_prefix).declare(service.name, service.events.topics)
        resources.database.close()

    @commands.command("web", help="Answer pages and the API on PORT with one process; gunicorn runs many.")
    @click.option("--port", type=int, default=8000, envvar="PORT")
    def web_command(port: int) -> None:
        resources = open_resources(service.name, read_settings(service.settings, os.environ))
        serve(service.create_app(resources), host="127.0.0.1", port=port, threads=8, ident=None)

    @commands.command("work", help="Publish, consume, keep time and sweep, until stopped.")
    @click.option("--only", multiple=True, type=click.Choice(ROLES), help="Run only these roles.")
    def work_command(only: Sequence[str]) -> None:
        settings = read_settings(service.settings, os.environ)
        if settings.broker_url == "memory://":
            raise SystemExit(
                "Cannot start: BROKER_URL is not set. A process of one service has nobody in its memory to tell."
            )
        resources = open_resources(service.name, settings)
        worker = Worker(
            service, resources, open_transport(settings.broker_url, settings.broker_prefix), tuple(only) or ROLES
        )
        worker.start()
        _wait_for_stop()
        worker.stop()
        resources.database.close()

    for command in service.commands:
        commands.add_command(command)
    return commands


def _wait_for_stop() -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
