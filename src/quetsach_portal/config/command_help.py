"""The help of the portal's commands, in the language in use, without the options of Django."""

from argparse import SUPPRESS
from collections.abc import Sequence

from django.core.management import get_commands, load_command_class
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

HELP_FLAGS = frozenset({"-h", "--help"})

OF_ARGPARSE = {
    "positional arguments": gettext_noop("Arguments"),
    "options": gettext_noop("Options"),
}
"""The headings that argparse writes, as they stand here."""


def asked_about(words: Sequence[str]) -> str | None:
    """Return the command whose help `words` ask for, or None."""
    if words[0] == "help":
        return words[1] if len(words) > 1 else None
    return words[0] if HELP_FLAGS & set(words[1:]) else None


def help_of(name: str) -> str:
    """Return the help of the portal's command `name`: what it does, and its own options."""
    command = load_command_class(str(get_commands()[name]), name)
    parser = command.create_parser("quetsach manage", name)
    of_django = next(
        kind for kind in type(command).__mro__ if kind.__module__.startswith("django.")
    )
    not_ours = {action.dest for action in of_django().create_parser("", name)._actions}
    for action in parser._actions:
        if action.dest == "help":
            action.help = _("Show this message and exit.")
        elif action.dest in not_ours:
            action.help = SUPPRESS
    for group in parser._action_groups:
        if group.title in OF_ARGPARSE:
            group.title = _(OF_ARGPARSE[group.title])
    parser.description = _(str(command.help))
    return parser.format_help().replace("usage: ", _("Usage:") + " ", 1)
