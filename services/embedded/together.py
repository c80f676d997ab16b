"""The four services in one process, with a private PostgreSQL: for `make run`, the demo and the journeys."""

import socket
import threading
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from flask import Flask

from services.directory.app import SERVICE as DIRECTORY
from services.embedded.keys import Keys, keys_in
from services.embedded.origin import Origin
from services.embedded.postgres import PrivatePostgres
from services.embedded.web import FOLLOWERS, Web
from services.notifications.app import SERVICE as NOTIFICATIONS
from services.panel.app import SERVICE as PANEL
from services.referrals.app import SERVICE as REFERRALS
from shared.messaging.publisher import announce_again
from shared.messaging.transport import Transport
from shared.migrations import migrate
from shared.service import Resources, Service, open_resources
from shared.settings import read_settings
from shared.work import Worker, open_transport

ALL: tuple[Service, ...] = (DIRECTORY, REFERRALS, PANEL, NOTIFICATIONS)
SAMPLE_PASSWORD = "a long walk by the river"  # noqa: S105 - public on purpose: a training system has no secrets


class PortInUse(Exception):
    """Somebody else answers on the port already."""


@dataclass(frozen=True)
class Options:
    """How to run: where the state lives, which port and authority, which clock, and a broker if there is one."""

    var: Path
    port: int = 8080
    authority: str = "bathnes"
    clock: str = "training"
    training_starts_at: datetime | None = None
    broker_url: str = "memory://"
    broker_prefix: str = "earlyhelp"
    database_urls: dict[str, str] = field(default_factory=dict)
    is_durable: bool = True

    @property
    def url(self) -> str:
        """Return the address that a browser opens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def folder(self) -> Path:
        """Return where this authority's state lives."""
        return self.var / self.authority


class Together:
    """Everything, started in order and stopped in the opposite order."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.keys: Keys = keys_in(options.folder / "keys")
        self.held: dict[str, Resources] = {}
        self._postgres = PrivatePostgres(options.folder / "postgres", durable=options.is_durable)
        self._web: Web | None = None
        self._apps: dict[str, Flask] = {}
        self._workers: list[Worker] = []

    def start(self) -> None:
        """Start everything; raises PortInUse, and AlreadyRunning when this folder is in use."""
        refuse_port_in_use(self.options.port)
        self._start_database()
        transport = open_transport(self.options.broker_url, self._prefix())
        for service in ALL:
            self.held[service.name] = self._open(service, transport)
        apps = self._apps = {service.name: service.create_app(self.held[service.name]) for service in ALL}
        self._web = Web(Origin(apps, self.held), self.options.port)
        self._web.start()
        self._workers = [Worker(service, self.held[service.name], transport) for service in ALL]
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """Stop everything, PostgreSQL last."""
        for app in self._apps.values():
            if followers := app.extensions.get("followers"):
                followers.end()
        if self._web is not None:
            self._web.stop()
        stopping = [threading.Thread(target=worker.stop) for worker in self._workers]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()
        for resources in self.held.values():
            resources.database.close()
        self._postgres.stop()

    def environ(self, service: Service) -> dict[str, str]:
        """Return the environment that a process of this service would have."""
        options, keys = self.options, self.keys
        environ = {
            f"DATABASE_URL_{service.name.upper()}": self._database_url(service),
            "BROKER_URL": options.broker_url,
            "BROKER_PREFIX": options.broker_prefix,
            "PUBLIC_URL": options.url,
            "NEIGHBOURS_AT": f"{options.url}/{{service}}",
            "NEIGHBOUR_KEY": keys.neighbour,
            "SESSION_PUBLIC_KEY": keys.session_public,
            "PAGE_KEY": keys.page,
            "AUTHORITY": options.authority,
            "CLOCK": options.clock,
            "TRAINING": "yes",
            "SAMPLE_PASSWORD": SAMPLE_PASSWORD,
            "PORTAL_TOKENS": f"portal:{keys.portal}",
            "CARRIER": "inbox",
            "FILE_KEYS": keys.files,
            "FILES_AT": str(options.folder / "files"),
            "LIVE_FOLLOWERS": str(FOLLOWERS),
        }
        if service is DIRECTORY:
            environ["SESSION_PRIVATE_KEY"] = keys.session_private
        if options.training_starts_at is not None:
            environ["TRAINING_STARTS_AT"] = options.training_starts_at.isoformat()
        return environ

    def _prefix(self) -> str:
        # kombu's memory is one for the whole process: a second system in it needs names of its own.
        is_memory = self.options.broker_url == "memory://"
        return f"{self.options.broker_prefix}-{uuid4().hex}" if is_memory else self.options.broker_prefix

    def _start_database(self) -> None:
        if set(self.options.database_urls) == {service.name for service in ALL}:
            return
        self._postgres.start()
        for service in ALL:
            self._postgres.ensure_database(service.name)

    def _database_url(self, service: Service) -> str:
        return self.options.database_urls.get(service.name) or self._postgres.url(service.name)

    def _open(self, service: Service, transport: Transport) -> Resources:
        settings = read_settings(service.settings, self.environ(service))
        migrate(service.name, settings.database_url)
        resources = open_resources(service.name, settings)
        service.prepare(resources)
        transport.declare(service.name, service.events.topics)
        if self.options.broker_url == "memory://":
            announce_again(resources.database)
        return resources


def refuse_port_in_use(port: int) -> None:
    """Raise PortInUse when something answers on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortInUse(f"Port {port} is in use. Choose another: make run PORT={port + 1}") from error


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
