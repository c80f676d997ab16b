"""What only the directory does at a terminal: its first administrator, whom nobody could add on a page."""

import os

import click
from marshmallow import ValidationError
from sqlalchemy.exc import ProgrammingError

from services.directory.actions.people import begin_with_administrator
from services.directory.settings import Settings
from shared.database import Database
from shared.errors import Refusal
from shared.settings import read_settings
from shared.web.fields import Email, Line


@click.command("administrator", help="Add the first administrator, and print a password that is good for once.")
@click.option("--email", required=True, help="The e-mail address to sign in with.")
@click.option("--name", default="Administrator", show_default=True, help="The name that others see.")
@click.option("--another", is_flag=True, help="Add one although there is an administrator already.")
def administrator(email: str, name: str, another: bool) -> None:
    """Add an administrator; stops with one line when there is one already."""
    database = Database(read_settings(Settings, os.environ).database_url)
    try:
        email = Email("The e-mail address", longest=300, required=True).deserialize(email)
        name = Line("The name", required=True).deserialize(name)
        with database.begin() as session:
            password = begin_with_administrator(session, email, name, another=another)
    except (Refusal, ValidationError) as refusal:
        message = refusal.messages[0] if isinstance(refusal, ValidationError) else str(refusal)
        raise SystemExit(f"Nobody was added. {message}") from None
    except ProgrammingError:
        raise SystemExit("Nobody was added. Run `python -m services.directory migrate` first.") from None
    finally:
        database.close()
    click.echo(f"{email} is an administrator now. Choose a password of your own at /directory/password.")
    click.echo(f"The password until then, shown only here: {password}")


COMMANDS = (administrator,)
