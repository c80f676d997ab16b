"""`python -m services topology`: what the code wants on the broker, how the broker differs, and making it so."""

from collections.abc import Collection

import click
import pika
from rich.console import Console
from rich.table import Table

from shared.operating.bindings import bindings_there
from shared.operating.broker import connected
from shared.operating.commands.operated import BrokerSettings, Operated, broker_settings, operated, said_in_one_line
from shared.operating.comparison import Difference, Lack, apply, binding_differences, differences, unbind
from shared.operating.layout import Binding, Layout

_HOW_TO_CHANGE = (
    "What is there with other settings cannot be changed, only made anew. Let its reader empty it with the publishers"
    " stopped, stop the reader, delete it (rabbitmqctl delete_queue), apply, start again: docs/deploying.md."
)


@click.group("topology")
@click.pass_context
def topology(context: click.Context) -> None:
    """Show, check or make the exchanges, queues and bindings on the broker."""
    context.obj = operated(context.obj)


@topology.command("print")
@click.pass_obj
def print_layout(services: Operated) -> None:
    """Print what the code wants on the broker, without asking it."""
    layout = services.layout(broker_settings().topology)
    console = Console(soft_wrap=True)
    for table in (_exchanges(layout), _queues(layout), _bindings(layout)):
        console.print(table)


@topology.command("check")
@click.pass_obj
def check(services: Operated) -> None:
    """Say how the broker differs from what the code wants; the exit status is 1 when it does."""
    settings = broker_settings()
    layout = services.layout(settings.topology)
    with said_in_one_line(), connected(settings.broker_url) as connection:
        found = _all_differences(connection, settings, services, layout)
    _say(found)
    if found:
        raise SystemExit(1)
    click.echo("The broker has what the code wants." + ("" if settings.broker_admin_url else _UNSEEN))


_UNSEEN = " Bindings were not looked at: set BROKER_ADMIN_URL to its management API."


@topology.command("apply")
@click.option("--unbind", "is_unbinding", is_flag=True, help="Also take away bindings that no code wants any more.")
@click.pass_obj
def apply_layout(services: Operated, is_unbinding: bool) -> None:
    """Declare and bind what is missing, and say what cannot be changed; safe to repeat."""
    settings = broker_settings()
    layout = services.layout(settings.topology)
    if is_unbinding and not (settings.broker_admin_url and services.is_all):
        raise click.UsageError(
            "Which bindings no code wants is known by `python -m services`, and seen with BROKER_ADMIN_URL."
        )
    with said_in_one_line(), connected(settings.broker_url) as connection:
        before = differences(connection, layout)
        cannot = apply(connection, layout)
        gone = _unwanted(settings, layout) if is_unbinding else set()
        unbind(connection, gone)
    for difference in before:
        if difference.lack is Lack.MISSING:
            click.echo(f"Made: {difference.what}.")
    for binding in sorted(gone):
        click.echo(f"Taken away: {binding.queue} is no longer bound for {binding.routing_key}.")
    _say(cannot)
    if cannot:
        raise SystemExit(1)
    click.echo("The broker has every exchange, queue and binding that the code wants.")


def _all_differences(
    connection: pika.BlockingConnection, settings: BrokerSettings, services: Operated, layout: Layout
) -> list[Difference]:
    found = differences(connection, layout)
    if not settings.broker_admin_url:
        return found
    there = bindings_there(settings.management_url, settings.administrator, settings.broker_url, layout)
    # One service does not know what the others are bound for.
    ours = there if services.is_all else {binding for binding in there if binding.queue in _names(layout)}
    return found + binding_differences(layout, ours)


def _unwanted(settings: BrokerSettings, layout: Layout) -> set[Binding]:
    there = bindings_there(settings.management_url, settings.administrator, settings.broker_url, layout)
    return there - layout.bindings


def _names(layout: Layout) -> Collection[str]:
    return {queue.name for queue in layout.queues}


def _say(found: list[Difference]) -> None:
    for difference in found:
        click.echo(difference.says)
    if any(difference.lack is Lack.OTHER for difference in found):
        click.echo(_HOW_TO_CHANGE)


def _exchanges(layout: Layout) -> Table:
    table = Table("exchange", "kind", "arguments", title="Exchanges")
    for exchange in layout.exchanges:
        table.add_row(exchange.name, exchange.kind, _in_words(exchange.arguments.items()))
    return table


def _queues(layout: Layout) -> Table:
    table = Table("queue", "what for", "arguments", title="Queues")
    for queue in layout.queues:
        table.add_row(queue.name, queue.purpose, _in_words(queue.arguments.items()))
    return table


def _bindings(layout: Layout) -> Table:
    table = Table("queue", "is bound for", "at exchange", title="Bindings")
    for binding in sorted(layout.bindings, key=lambda one: (one.queue, one.routing_key)):
        table.add_row(binding.queue, binding.routing_key or "everything", binding.exchange)
    return table


def _in_words(arguments: Collection[tuple[str, object]]) -> str:
    return "\n".join(f"{name}: {value!r}" for name, value in sorted(arguments))
