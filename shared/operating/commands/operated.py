"""What an operator's command works on: one service, or all of them, with their databases and the broker between them."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, make_dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import click
from sqlalchemy.exc import OperationalError

from shared.database import Database
from shared.errors import Refusal
from shared.messaging.topology import Topology
from shared.operating.broker import BrokerAway
from shared.operating.layout import Layout, layout_of
from shared.service import Service
from shared.settings import read_settings, setting

MEMORY = "memory://"


@dataclass(frozen=True, kw_only=True)
class BrokerSettings:
    """Where the broker is, and whom its management API knows: as in rabbitmq.conf, or in its address."""

    broker_url: str = setting("BROKER_URL", default=MEMORY)
    broker_prefix: str = setting("BROKER_PREFIX", default="earlyhelp")
    broker_admin_url: str = setting("BROKER_ADMIN_URL", default="")
    broker_admin: str = setting("BROKER_ADMIN", default="")

    @property
    def topology(self) -> Topology:
        """Return the names on the broker."""
        return Topology(self.broker_prefix)

    @property
    def administrator(self) -> tuple[str, str]:
        """Return who asks the management API: of BROKER_ADMIN, else of its address, else of the broker's own."""
        named = dict(re.findall(r"^\s*(default_user|default_pass)\s*=\s*(\S+)\s*$", self.broker_admin, re.MULTILINE))
        if len(named) == 2:
            return named["default_user"], named["default_pass"]
        address = urlsplit(self.broker_admin_url)
        if address.username is None:
            address = urlsplit(self.broker_url.split(";")[0])
        return unquote(address.username or ""), unquote(address.password or "")

    @property
    def management_url(self) -> str:
        """Return the management API's address without a name or password in it."""
        address = urlsplit(self.broker_admin_url)
        return address._replace(netloc=address.netloc.rpartition("@")[2]).geturl().rstrip("/")


@dataclass(frozen=True)
class Operated:
    """The services that a command works on."""

    services: Sequence[Service]

    @property
    def readers(self) -> Mapping[str, Sequence[str]]:
        """Return the topics that each of the services reads."""
        return {service.name: service.events.topics for service in self.services}

    @property
    def is_all(self) -> bool:
        """Say whether these are all the services there are, so that together they know every reader."""
        return len(self.services) > 1

    def chosen(self, name: str | None) -> Sequence[Service]:
        """Return the service of this name, or all of them when none is named; raises UsageError for another."""
        chosen = [service for service in self.services if name in (None, service.name)]
        if not chosen:
            raise click.UsageError(f"This command knows only {self.services[0].name}; `python -m services` knows all.")
        return chosen

    def layout(self, topology: Topology) -> Layout:
        """Return what the services want on the broker."""
        return layout_of(topology, self.readers)


def operated(obj: Any) -> Operated:
    """Return what a command works on from what its context was given: one service, or several."""
    return Operated([obj] if isinstance(obj, Service) else list(obj))


def broker_address() -> str:
    """Return the broker's address; `memory://` where there is none."""
    return read_settings(BrokerSettings, os.environ).broker_url


def broker_settings() -> BrokerSettings:
    """Return the broker's settings, for a command that needs a broker; raises ClickException where there is none."""
    settings = read_settings(BrokerSettings, os.environ)
    if settings.broker_url == MEMORY:
        raise click.ClickException("There is no broker here: BROKER_URL is not set, or says memory://.")
    return settings


@contextmanager
def opened(service: Service) -> Iterator[Database]:
    """Give a service's database; what is refused while it is open is said in one line."""
    database = Database(_database_url(service))
    try:
        with said_in_one_line():
            yield database
    except OperationalError as error:
        raise click.ClickException(f"The database of {service.name} does not answer.") from error
    finally:
        database.close()


def _database_url(service: Service) -> str:
    # Of all that a service reads, only this: whoever looks at messages need not hold its keys.
    name = next(item.metadata["name"] for item in fields(service.settings) if item.name == "database_url")
    wanted = make_dataclass("DatabaseAddress", [("database_url", str, setting(name))], frozen=True)
    return str(read_settings(wanted, os.environ).database_url)


@contextmanager
def said_in_one_line() -> Iterator[None]:
    """Turn a refusal, or a broker that is away, into one line and an exit status."""
    try:
        yield
    except (Refusal, BrokerAway) as said:
        raise click.ClickException(str(said)) from said
