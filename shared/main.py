"""`python -m services.<name> web|work|migrate|messages|topology`: the same commands for every service, and its own."""

import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence

import click
import structlog

from shared.alive import SAY_EVERY_SECONDS, say_alive
from shared.logs import start_logs
from shared.messaging.transport import TransportLost
from shared.metrics.serve import serving_metrics
from shared.operating.commands import WithOperatorsCommands
from shared.operating.first_look import FirstLook
from shared.service import Service, open_resources
from shared.settings import read_settings
from shared.web.serve import Web
from shared.work import ROLES, Worker, open_transport

log = structlog.get_logger()


def main(service: Service) -> None:
    """Run the command line of a service."""
    _commands(service)()


def bring_up_to_date(service: Service, environ: Mapping[str, str]) -> None:
    """Bring a service's database to the newest migration, and its queue and bindings to what it reads.

    Raises SystemExit when the broker does not answer: what is announced before a reader's queue is there
    would not reach it.
    """
    from shared.migrations import migrate

    settings = read_settings(service.settings, environ)
    migrate(service.name, settings.database_url)
    resources = open_resources(service.name, settings)
    service.prepare(resources)
    resources.database.close()
    if settings.broker_url == "memory://":
        return
    try:
        open_transport(settings.broker_url, settings.broker_prefix).declare(service.name, service.events.topics)
    except TransportLost as lost:
        raise SystemExit(f"{service.name}: migrated, but RabbitMQ does not take its queue: {lost}.") from None


def _commands(service: Service) -> click.Group:
    @click.group(cls=WithOperatorsCommands, help=f"The {service.name} service.")
    @click.pass_context
    def commands(context: click.Context) -> None:
        context.obj = service
        start_logs()

    @commands.command("migrate", help="Bring the database to the newest migration.")
    def migrate_command() -> None:
        bring_up_to_date(service, os.environ)

    @commands.command("web", help="Answer pages and the API on PORT, by gunicorn (deploy/gunicorn.conf.py).")
    def web_command() -> None:
        Web(service, read_settings(service.settings, os.environ)).run()

    @commands.command("work", help="Publish, consume, keep time and sweep, until stopped.")
    @click.option("--only", multiple=True, type=click.Choice(ROLES), help="Run only these roles.")
    def work_command(only: Sequence[str]) -> None:
        settings = read_settings(service.settings, os.environ)
        if settings.broker_url == "memory://":
            raise SystemExit(
                "Cannot start: BROKER_URL is not set. A process of one service has nobody in its memory to tell."
            )
        look = FirstLook(service.name, service.events.topics, settings.broker_url, settings.broker_prefix)
        _stop_when_hindered(look.hindrance())
        resources = open_resources(service.name, settings)
        worker = Worker(
            service, resources, open_transport(settings.broker_url, settings.broker_prefix), tuple(only) or ROLES
        )
        with serving_metrics(service, resources):
            worker.start()
            try:
                is_whole = _wait_for_stop(worker, service.name, look.hindrance)
            finally:
                worker.stop()
                resources.database.close()
        if not is_whole:
            raise SystemExit("A role has died; whoever looks after this process should start it again.")

    for command in service.commands:
        commands.add_command(command)
    return commands


def _stop_when_hindered(hindrance: str) -> None:
    if hindrance:
        raise SystemExit(f"Cannot start: {hindrance} `python -m services topology check` says what to do.")


def _wait_for_stop(worker: Worker, service: str, hindrance: Callable[[], str] = lambda: "") -> bool:
    """Wait until told to stop, giving signs of life; say False when a role died first.

    Raises SystemExit when a broker that was away at the start turns out to have what the service cannot use.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while worker.is_whole:
        say_alive(service)
        _stop_when_hindered(hindrance())
        if stop.wait(SAY_EVERY_SECONDS):
            return True
    log.error("role_died", service=service)
    return False
