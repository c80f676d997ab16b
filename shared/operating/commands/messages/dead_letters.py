"""Dead letters, and what no queue takes: list, put back, throw away."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import click
import pika
from rich.progress import track
from rich.table import Column, Table

from shared.database import Database
from shared.errors import Refusal
from shared.messaging.topology import Topology
from shared.operating.broker import connected
from shared.operating.commands.messages.held_up import of_service
from shared.operating.commands.messages.words import age, complain, operator, screen
from shared.operating.commands.operated import Operated, broker_settings, opened, operated, said_in_one_line
from shared.operating.dead_letters import Letter, SetAside, put_back, throw_away
from shared.operating.held import LARGEST_LIST
from shared.service import Service


@dataclass(frozen=True)
class _Place:
    """A queue of messages set aside: to whom its letters can go, and in whose audit it is written."""

    queue: str
    goes_to: Callable[[Letter], Sequence[str]]
    owner: Callable[[Letter], Service]


@click.group("dead-letters")
@click.pass_context
def dead_letters(context: click.Context) -> None:
    """Look at what a service could not read, or what no queue takes, and deal with it."""
    context.obj = operated(context.obj.services)


@dead_letters.command("list")
@of_service
@click.option("--limit", type=click.IntRange(1, LARGEST_LIST), default=50, show_default=True, help="Of each queue.")
@click.pass_obj
def list_letters(services: Operated, service: str | None, limit: int) -> None:
    """List them, the oldest first: ids and codes, never what is in them."""
    table = Table("queue", Column("letter", no_wrap=True), "kind", "family", "bytes", "age", "why it is here")
    now = datetime.now(UTC)
    with _connected() as (connection, topology):
        for place in _places(services, topology, service):
            with SetAside(connection, place.queue) as aside:
                for letter in aside.look(limit):
                    table.add_row(place.queue, *_row(letter, now))
    screen().print(table if table.row_count else "There are no dead letters.")


def _row(letter: Letter, now: datetime) -> Iterator[str]:
    yield from (letter.letter_id, letter.topic, letter.family_key, str(letter.size))
    yield from (age(now, letter.since), letter.reason)


@dead_letters.command("again")
@click.argument("letter_ids", nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="All of them, or all of --service.")
@of_service
@click.pass_obj
def again(services: Operated, letter_ids: tuple[str, ...], is_all: bool, service: str | None) -> None:
    """Put letters back into the queue of the service that they are for: those named, or --all."""
    if not letter_ids and not is_all:
        raise click.UsageError("Name letters as `list` shows them, or say --all.")

    def back(place: _Place, aside: SetAside, letter: Letter, database: Database) -> None:
        put_back(database, aside, letter, to=place.goes_to(letter), by=operator())

    done, problems = _with_each(services, service, letter_ids, back, "Putting back")
    screen().print(f"{done} put back.")
    _stop_with(problems, letter_ids, done)


@dead_letters.command("discard")
@click.argument("letter_id")
@of_service
@click.option("--why", required=True, help="The reason, which is kept: no names in it.")
@click.pass_obj
def discard(services: Operated, letter_id: str, service: str | None, why: str) -> None:
    """Throw a letter away for ever. Make sure first that what it says has been done in another way."""

    def away(_: _Place, aside: SetAside, letter: Letter, database: Database) -> None:
        throw_away(database, aside, letter, why=why, by=operator())

    done, problems = _with_each(services, service, (letter_id,), away, "Throwing away")
    _stop_with(problems, (letter_id,), done)
    screen().print("Thrown away.")


def _with_each(
    services: Operated,
    service: str | None,
    letter_ids: Sequence[str],
    do: Callable[[_Place, SetAside, Letter, Database], None],
    words: str,
) -> tuple[int, list[str]]:
    """Do something to each letter named, or to all when none is; return to how many, and what was refused."""
    done, problems = 0, []
    with _connected() as (connection, topology), ExitStack() as stack:
        database_of = cache(lambda name: stack.enter_context(opened(services.chosen(name)[0])))
        for place in _places(services, topology, service):
            with SetAside(connection, place.queue) as aside:
                letters = track(aside.look(), words, total=aside.letters, console=screen(), transient=True)
                for letter in letters:
                    if letter_ids and letter.letter_id not in letter_ids:
                        continue
                    try:
                        do(place, aside, letter, database_of(place.owner(letter).name))
                        done += 1
                    except Refusal as refusal:
                        problems.append(f"{letter.letter_id}: {refusal}")
    return done, problems


def _stop_with(problems: Sequence[str], letter_ids: Sequence[str], done: int) -> None:
    complain(problems)
    if problems:
        raise SystemExit(1)
    if letter_ids and not done:
        raise click.ClickException("There is no such letter here.")


@contextmanager
def _connected() -> Iterator[tuple[pika.BlockingConnection, Topology]]:
    settings = broker_settings()
    with said_in_one_line(), connected(settings.broker_url) as connection:
        yield connection, settings.topology


def _places(services: Operated, topology: Topology, name: str | None) -> list[_Place]:
    places = [_dead_letters_of(service, topology) for service in services.chosen(name)]
    # Only who knows every reader may put back what no queue took: it must reach each of them.
    return [*places, _unrouted(services, topology)] if services.is_all and name is None else places


def _dead_letters_of(service: Service, topology: Topology) -> _Place:
    queue = topology.queue_name(service.name)
    return _Place(topology.dead_letter_name(service.name), lambda _: [queue], lambda _: service)


def _unrouted(services: Operated, topology: Topology) -> _Place:
    def readers(letter: Letter) -> list[str]:
        return [topology.queue_name(name) for name, topics in services.readers.items() if letter.topic in topics]

    def owner(letter: Letter) -> Service:
        name = letter.topic.partition(".")[0]
        return next((service for service in services.services if service.name == name), services.services[0])

    return _Place(topology.unrouted_queue().name, readers, owner)
