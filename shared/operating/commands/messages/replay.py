"""Send a service's past once more, to a reader that is new or has lost it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import click
from rich.progress import track

from shared.database import Database
from shared.london import london_date, london_instant
from shared.operating.broker import connected
from shared.operating.commands.messages.words import operator, screen
from shared.operating.commands.operated import BrokerSettings, Operated, broker_settings, opened, said_in_one_line
from shared.operating.past import (
    Past,
    Wanted,
    already_taken,
    note_replay,
    oldest_fact,
    past_of,
    publisher_held_back,
    send_past,
)
from shared.service import SERVICES, Service


@click.command("replay")
@click.option("--from", "owner", type=click.Choice(SERVICES), help="Whose past; may be left out for one service.")
@click.option("--to", "reader", type=click.Choice(SERVICES), required=True, help="The one reader that it is sent to.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Only what was announced on this London date or later."
)
@click.option("--topic", "topics", multiple=True, help="Only this kind; may be said several times.")
@click.pass_obj
def replay(services: Operated, owner: str | None, reader: str, since: datetime | None, topics: tuple[str, ...]) -> None:
    """Send a service's past to one reader: what its outbox still has, in its order.

    Stop the owner's `work` first: what it announces meanwhile waits in its outbox, and is sent after the past.
    """
    from_whom = _owner(services, owner)
    start = london_instant(since.date(), 0) if since else None
    wanted = Wanted(_topics(services, from_whom.name, reader, topics), start)
    settings = broker_settings()
    with opened(from_whom) as database:
        past = _say_what_there_is(database, from_whom.name, wanted)
        _say_what_was_taken(services, reader, wanted)
        with said_in_one_line(), publisher_held_back(database.url, from_whom.name) as check:
            _send(database, settings, reader, wanted, past, check)


def _owner(services: Operated, name: str | None) -> Service:
    if name is None and services.is_all:
        raise click.UsageError("Say whose past with --from.")
    return services.chosen(name)[0]


def _topics(services: Operated, owner: str, reader: str, named: tuple[str, ...]) -> list[str]:
    known = services.readers.get(reader)
    if known is None and not named:
        raise click.UsageError(
            f"Only `python -m services` knows what {reader} reads: say `python -m services messages replay --from"
            f" {owner} --to {reader}`, or name it with --topic."
        )
    announced = [topic for topic in (known if known is not None else named) if topic.startswith(f"{owner}.")]
    if strange := sorted(set(named) - set(announced)):
        raise click.UsageError(f"{reader} reads no {', '.join(strange)} of {owner}.")
    chosen = [topic for topic in announced if not named or topic in named]
    if not chosen:
        raise click.UsageError(f"{reader} reads nothing of {owner}.")
    return chosen


def _say_what_there_is(database: Database, owner: str, wanted: Wanted) -> Past:
    with database.read() as session:
        past, oldest = past_of(session, wanted), oldest_fact(session)
    if oldest is not None:
        click.echo(
            f"The oldest fact that {owner} still has is of {london_date(oldest):%-d %B %Y}:"
            " what came before it cannot be sent."
        )
    if past.oldest is None or past.newest is None:
        click.echo("There is nothing of these kinds to send.")
    else:
        first, last = london_date(past.oldest), london_date(past.newest)
        click.echo(f"To send: {_facts(past.facts)}, of {first:%-d %B %Y} to {last:%-d %B %Y}.")
    return past


def _say_what_was_taken(services: Operated, reader: str, wanted: Wanted) -> None:
    if reader not in services.readers:
        return
    with opened(services.chosen(reader)[0]) as database, database.read() as session:
        taken = already_taken(session, wanted.topics)
    if taken.facts:
        click.echo(
            f"{reader} has taken {_facts(taken.facts)} of these kinds before. It drops those, and handles the others"
            " after them, though they are older."
        )


def _send(
    database: Database,
    settings: BrokerSettings,
    reader: str,
    wanted: Wanted,
    past: Past,
    check: Callable[[], None],
) -> None:
    note = partial(note_replay, by=operator(), to=reader, wanted=wanted)
    with database.begin() as session:
        note(session, did="began_replay", facts=past.facts)
    sent = 0
    try:
        with connected(settings.broker_url) as connection:
            past_sent = send_past(database, connection, settings.topology, reader, wanted, check)
            for _ in track(past_sent, "Sending", total=past.facts, console=screen()):
                sent += 1
    finally:
        with database.begin() as session:
            note(session, did="replayed", facts=sent)
    queue = settings.topology.queue_name(reader)
    click.echo(f"{_facts(sent)} sent to {queue}; it is bound for what comes from now on.")


def _facts(number: int) -> str:
    return f"{number} fact{'' if number == 1 else 's'}"
