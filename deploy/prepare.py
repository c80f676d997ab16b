"""`python -m deploy.prepare`: make what the services find when they start, or bring it in line; safe to repeat.

Four databases with a role each, and on the broker a vhost, a user and policies. What is to be made is read from the
addresses that the services themselves are given. A broker whose management API is not named is left as it is.
"""

import os
import re
import sys
from dataclasses import dataclass

from sqlalchemy.engine import make_url

from deploy.postgres import databases
from deploy.rabbitmq import definitions
from shared.settings import read_settings, setting


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Who may make things, and what is to be made."""

    postgres_admin_url: str = setting("POSTGRES_ADMIN_URL")
    postgres_admin_password: str = setting("POSTGRES_ADMIN_PASSWORD", default="")
    broker_admin_url: str = setting("BROKER_ADMIN_URL", default="")
    broker_admin: str = setting("BROKER_ADMIN", default="")
    broker_url: str = setting("BROKER_URL")
    broker_prefix: str = setting("BROKER_PREFIX", default="earlyhelp")
    directory: str = setting("DATABASE_URL_DIRECTORY")
    referrals: str = setting("DATABASE_URL_REFERRALS")
    panel: str = setting("DATABASE_URL_PANEL")
    notifications: str = setting("DATABASE_URL_NOTIFICATIONS")


def main() -> None:
    """Prepare both servers; raises SystemExit with what is missing or wrong."""
    settings = read_settings(Settings, os.environ)
    urls = (settings.directory, settings.referrals, settings.panel, settings.notifications)
    databases.provide(settings.postgres_admin_url, settings.postgres_admin_password, map(make_url, urls))
    sys.stdout.write("PostgreSQL: four databases, each with a role of its own.\n")
    if not settings.broker_admin_url:
        sys.stdout.write("RabbitMQ: left as it is; BROKER_ADMIN_URL is not set.\n")
        return
    administrator = administrator_in(settings.broker_admin)
    try:
        definitions.provide(settings.broker_admin_url, administrator, settings.broker_url, settings.broker_prefix)
    except definitions.DefinitionsRefused as refused:
        raise SystemExit(str(refused)) from None
    sys.stdout.write("RabbitMQ: vhost, user and policies are there.\n")


def administrator_in(conf: str) -> tuple[str, str]:
    """Return the name and password that a fragment of rabbitmq.conf gives the administrator; raises SystemExit."""
    found = dict(re.findall(r"^\s*(default_user|default_pass)\s*=\s*(\S+)\s*$", conf, re.MULTILINE))
    if set(found) != {"default_user", "default_pass"}:
        raise SystemExit("BROKER_ADMIN must hold default_user and default_pass, as in rabbitmq.conf.")
    return found["default_user"], found["default_pass"]


if __name__ == "__main__":
    main()
