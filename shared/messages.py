"""`python -m services.<name> messages`: what is held up in a service and on its queues, and what a person does about it."""

import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from shared.database import Database
from shared.errors import Refusal
from shared.messaging.broker import BrokerAway, queue_depths
from shared.messaging.held import (
    LARGEST_LIST,
    STATES,
    HeldFact,
    discard,
    held_counts,
    held_fact,
    held_facts,
    try_again,
)
from shared.messaging.topology import Topology
from shared.service import Service, ServiceSettings
from shared.settings import read_settings


def _chosen(command: Callable[..., None]) -> Callable[..., None]:
    state = click.option("--state", type=click.Choice(list(STATES)), help="Only those in this state.")
    topic = click.option("--topic", default="", help="Only this kind, as panel.plan_closed.v1.")
    return state(topic(command))


@click.group("messages", invoke_without_command=True)
@click.pass_context
def messages(context: click.Context) -> None:
    """Look at messages that are held up, and deal with them."""
    if context.invoked_subcommand is None:
        _overview(context.obj)


@messages.command("list")
@_chosen
@click.option("--limit", type=click.IntRange(1, LARGEST_LIST), default=50, show_default=True)
@click.pass_obj
def list_held(service: Service, state: str | None, topic: str, limit: int) -> None:
    """List messages that are held up, those that need a person first."""
    with _opened(service) as database, database.read() as session:
        Console().print(_table(held_facts(session, state=state or "", topic=topic, limit=limit)))


@messages.command("show")
@click.argument("message_id", type=click.UUID)
@click.pass_obj
def show(service: Service, message_id: UUID) -> None:
    """Show one message: ids and codes, never a story."""
    with _opened(service) as database, database.read() as session:
        fact = held_fact(session, message_id)
    for name, value in vars(fact).items():
        Console().print(f"{name:16} {'' if value is None else value}", soft_wrap=True, highlight=False)


@messages.command("again")
@click.argument("message_ids", type=click.UUID, nargs=-1)
@_chosen
@click.pass_obj
def again(service: Service, message_ids: tuple[UUID, ...], state: str | None, topic: str) -> None:
    """Try messages again now: those named, or all of a --state or --topic."""
    if not message_ids and not state and not topic:
        raise click.UsageError("Name messages, or choose them by --state or --topic.")
    with _opened(service) as database:
        ids = list(message_ids) or _ids(database, state or "", topic)
        refused = [
            problem for one in track(ids, "Trying again", console=Console()) if (problem := _again(database, one))
        ]
    Console().print(f"{len(ids) - len(refused)} to be tried now.")
    for problem in refused:
        Console(stderr=True).print(problem, highlight=False)
    if refused and message_ids:
        raise SystemExit(1)


def _again(database: Database, message_id: UUID) -> str:
    """Have a message tried again; return why not, for one that somebody else saw to meanwhile."""
    try:
        with database.begin() as session:
            try_again(session, message_id, by=_operator())
    except Refusal as refusal:
        return f"{message_id}: {refusal}"
    return ""


@messages.command("discard")
@click.argument("message_id", type=click.UUID)
@click.option("--why", required=True, help="The reason, which is kept.")
@click.pass_obj
def give_up(service: Service, message_id: UUID, why: str) -> None:
    """Give one message up for ever. Its family's later messages go on."""
    with _opened(service) as database, database.begin() as session:
        discard(session, message_id, why=why, by=_operator())
    Console().print("Given up.")


@contextmanager
def _opened(service: Service) -> Iterator[Database]:
    database = Database(_settings(service).database_url)
    try:
        yield database
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    finally:
        database.close()


def _settings(service: Service) -> ServiceSettings:
    return read_settings(service.settings, os.environ)


def _overview(service: Service) -> None:
    with _opened(service) as database, database.read() as session:
        counts = held_counts(session)
    now = datetime.now(UTC)
    table = Table("state", "messages", "oldest", "meaning", title=f"Messages held up in {service.name}")
    for count in counts:
        table.add_row(count.state, str(count.facts), _age(now, count.oldest), STATES[count.state])
    Console().print(table if counts else f"No message is held up in {service.name}.")
    settings = _settings(service)
    if settings.broker_url != "memory://":
        _print_queues(service, settings)


def _print_queues(service: Service, settings: ServiceSettings) -> None:
    table = Table("queue", "messages", "readers", "what for", title="Queues")
    try:
        for queue in queue_depths(settings.broker_url, Topology(settings.broker_prefix), service.name):
            messages = "is not there" if queue.messages is None else str(queue.messages)
            table.add_row(queue.name, messages, str(queue.readers or 0), queue.purpose)
    except BrokerAway as away:
        raise click.ClickException(str(away)) from away
    Console().print(table)


def _table(facts: list[HeldFact]) -> Table | str:
    if not facts:
        return "No such message is held up."
    now = datetime.now(UTC)
    table = Table("message", "state", "kind", "family", "age", "tries", "reason")
    for fact in facts:
        age = _age(now, fact.since)
        table.add_row(
            str(fact.message_id), fact.state, fact.topic, fact.family_key, age, str(fact.attempts), fact.reason
        )
    return table


def _ids(database: Database, state: str, topic: str) -> list[UUID]:
    with database.read() as session:
        facts = held_facts(session, state=state, topic=topic, limit=LARGEST_LIST)
    return [fact.message_id for fact in facts if fact.state not in ("blocked", "unsent")]


def _age(now: datetime, since: datetime) -> str:
    minutes = int((now - since).total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"


def _operator() -> str:
    return f"operator {getpass.getuser()}"
