"""`python -m services messages`: what is held up in the services and on their queues, and what a person does about it.

`python -m services.<name> messages` is the same for one service.
"""

from datetime import UTC, datetime

import click
from rich.table import Table

from shared.operating.broker import QueueDepth, connected, queue_depths
from shared.operating.commands.messages.dead_letters import dead_letters
from shared.operating.commands.messages.held_up import again, discard, list_held, show
from shared.operating.commands.messages.replay import replay
from shared.operating.commands.messages.words import age, screen
from shared.operating.commands.operated import (
    MEMORY,
    Operated,
    broker_address,
    broker_settings,
    opened,
    operated,
    said_in_one_line,
)
from shared.operating.held import STATES, held_counts

__all__ = ["messages"]


@click.group("messages", invoke_without_command=True)
@click.pass_context
def messages(context: click.Context) -> None:
    """Look at messages that are held up, and deal with them."""
    context.obj = operated(context.obj)
    if context.invoked_subcommand is None:
        _overview(context.obj)


for _command in (list_held, show, again, discard, dead_letters, replay):
    messages.add_command(_command)


def _overview(services: Operated) -> None:
    now = datetime.now(UTC)
    table = Table("service", "state", "messages", "oldest", "meaning", title="Messages held up")
    for service in services.services:
        with opened(service) as database, database.read() as session:
            counts = held_counts(session)
        for count in counts:
            oldest = age(now, count.oldest)
            table.add_row(service.name, count.state, str(count.facts), oldest, STATES[count.state])
    names = services.services[0].name if len(services.services) == 1 else "any service"
    screen().print(table if table.row_count else f"No message is held up in {names}.")
    if broker_address() != MEMORY:
        screen().print(_queues(services))


def _queues(services: Operated) -> Table:
    settings = broker_settings()
    with said_in_one_line(), connected(settings.broker_url) as connection:
        depths = queue_depths(connection, services.layout(settings.topology))
    table = Table("queue", "messages", "readers", "what for", title="Queues")
    for depth in depths:
        table.add_row(depth.name, _amount(depth), str(depth.readers or 0), depth.purpose)
    return table


def _amount(depth: QueueDepth) -> str:
    return "is not there" if depth.messages is None else str(depth.messages)
