"""Messages that are held up in the services' databases: list, show, try again, give up."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

import click
from rich.progress import track
from rich.table import Column, Table
from sqlalchemy.orm import Session

from shared.errors import NotFound, Refusal
from shared.operating import held
from shared.operating.commands.messages.words import age, complain, operator, screen
from shared.operating.commands.operated import Operated, opened
from shared.operating.held import LARGEST_LIST, STATES, HeldFact, held_fact, held_facts, try_again
from shared.operating.history import History, history_of
from shared.service import SERVICES, Service

_Found = TypeVar("_Found")
_Held = dict[str, list[UUID]]
"""Messages by the name of the service that holds them."""

_NEED_NOTHING = ("blocked", "unsent")


def of_service(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command be told which service it is about."""
    return click.option("--service", type=click.Choice(SERVICES), help="Only in this service.")(command)


def _chosen(command: Callable[..., None]) -> Callable[..., None]:
    state = click.option("--state", type=click.Choice(list(STATES)), help="Only those in this state.")
    topic = click.option("--topic", default="", help="Only this kind, as panel.plan_closed.v1.")
    return of_service(state(topic(command)))


@click.command("list")
@_chosen
@click.option("--limit", type=click.IntRange(1, LARGEST_LIST), default=50, show_default=True, help="Of each service.")
@click.pass_obj
def list_held(services: Operated, service: str | None, state: str | None, topic: str, limit: int) -> None:
    """List messages that are held up, those that need a person first."""
    table = Table("service", Column("message", no_wrap=True), "state", "kind", "family", "age", "tries", "reason")
    now = datetime.now(UTC)
    for one in services.chosen(service):
        with opened(one) as database, database.read() as session:
            for fact in held_facts(session, state=state or "", topic=topic, limit=limit):
                table.add_row(one.name, *_row(fact, now))
    screen().print(table if table.row_count else "No such message is held up.")


def _row(fact: HeldFact, now: datetime) -> Iterable[str]:
    yield from (str(fact.message_id), fact.state, fact.topic, fact.family_key)
    yield from (age(now, fact.since), str(fact.attempts), fact.reason)


@click.command("show")
@click.argument("message_id", type=click.UUID)
@of_service
@click.pass_obj
def show(services: Operated, message_id: UUID, service: str | None) -> None:
    """Show what became of one message, in each service that knows it: ids and codes, never a story."""
    found = _each_that_has(services.chosen(service), partial(history_of, message_id=message_id))
    for one, history in found:
        _print_history(one, history)
    if not found:
        raise click.ClickException("No service here knows such a message.")


def _print_history(service: Service, history: History) -> None:
    console = screen()
    console.print(service.name, style="bold")
    for name, value in vars(history).items():
        if name != "steps":
            console.print(f"  {name:16} {'' if value is None else value}", soft_wrap=True)
    for step in history.steps:
        console.print(
            f"  {step.at:%Y-%m-%d %H:%M:%S} UTC  {step.what}{f', {step.by}' if step.by else ''}", soft_wrap=True
        )


@click.command("again")
@click.argument("message_ids", type=click.UUID, nargs=-1)
@_chosen
@click.pass_obj
def again(
    services: Operated, message_ids: tuple[UUID, ...], service: str | None, state: str | None, topic: str
) -> None:
    """Try messages again now: those named, or all of a --state, --topic or --service."""
    if not message_ids and not (state or topic or service):
        raise click.UsageError("Name messages, or choose them by --state, --topic or --service.")
    where = services.chosen(service)
    wanted = _where_held(where, message_ids) if message_ids else _of_kind(where, state or "", topic)
    named = {message_id for ids in wanted.values() for message_id in ids}
    problems = [f"{one}: No such message is held up here." for one in message_ids if one not in named]
    done = 0
    for one in where:
        tried, refused = _again(one, wanted[one.name])
        done, problems = done + tried, problems + refused
    screen().print(f"{done} to be tried now.{_more(wanted, message_ids)}")
    complain(problems)
    if problems and message_ids:
        raise SystemExit(1)


def _again(service: Service, message_ids: Sequence[UUID]) -> tuple[int, list[str]]:
    """Have messages tried again; return how many, and why not those that somebody else saw to meanwhile."""
    if not message_ids:
        return 0, []
    problems = []
    with opened(service) as database:
        for message_id in track(message_ids, f"Trying again in {service.name}", console=screen()):
            try:
                with database.begin() as session:
                    try_again(session, message_id, by=operator())
            except Refusal as refusal:
                problems.append(f"{message_id}: {refusal}")
    return len(message_ids) - len(problems), problems


def _more(wanted: _Held, message_ids: Sequence[UUID]) -> str:
    is_cut_off = not message_ids and any(len(ids) == LARGEST_LIST for ids in wanted.values())
    return " There are more: do it again when these are handled." if is_cut_off else ""


@click.command("discard")
@click.argument("message_id", type=click.UUID)
@of_service
@click.option("--why", required=True, help="The reason, which is kept: no names in it.")
@click.pass_obj
def discard(services: Operated, message_id: UUID, service: str | None, why: str) -> None:
    """Give one message up for ever in one service. Its family's later messages go on."""
    held_in = _where_held(services.chosen(service), [message_id])
    where = [one for one in services.chosen(service) if held_in[one.name]]
    if not where:
        raise click.ClickException("No such message is held up here.")
    if len(where) > 1:
        names = ", ".join(one.name for one in where)
        raise click.UsageError(f"Several services hold this message ({names}): say which with --service.")
    with opened(where[0]) as database, database.begin() as session:
        held.discard(session, message_id, why=why, by=operator())
    screen().print("Given up.")


def _where_held(services: Sequence[Service], message_ids: Sequence[UUID]) -> _Held:
    found: _Held = {service.name: [] for service in services}
    for message_id in message_ids:
        for service, _ in _each_that_has(services, partial(held_fact, message_id=message_id)):
            found[service.name].append(message_id)
    return found


def _of_kind(services: Sequence[Service], state: str, topic: str) -> _Held:
    found: _Held = {}
    for service in services:
        with opened(service) as database, database.read() as session:
            facts = held_facts(session, state=state, topic=topic, limit=LARGEST_LIST)
        found[service.name] = [fact.message_id for fact in facts if fact.state not in _NEED_NOTHING]
    return found


def _each_that_has(services: Sequence[Service], read: Callable[[Session], _Found]) -> list[tuple[Service, _Found]]:
    """Return what `read` finds in each service's database, without those where it raises NotFound."""
    found: list[tuple[Service, _Found]] = []
    for service in services:
        with opened(service) as database, database.read() as session:
            try:
                found.append((service, read(session)))
            except NotFound:
                continue
    return found
