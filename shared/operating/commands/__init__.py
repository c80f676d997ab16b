"""The same at a terminal: `python -m services messages` and `python -m services topology`."""

from importlib import import_module

import click

_WHERE = {"messages": "shared.operating.commands.messages", "topology": "shared.operating.commands.topology"}


class WithOperatorsCommands(click.Group):
    """A group with the operators' commands in it, imported when somebody asks for one: a process that serves needs none."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*super().list_commands(context), *_WHERE})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return the command of this name, or None."""
        if name not in _WHERE:
            return super().get_command(context, name)
        command: click.Command = getattr(import_module(_WHERE[name]), name)
        return command
