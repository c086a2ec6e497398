"""What is wrong with the words behind `quetsach manage`, in the language in use.

Django and argparse say it in English alone, after a usage that is mostly Django's own options.
"""

import re
import sys
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import NoReturn

from django.core.management import get_commands, load_command_class
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SAID: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"argument (?P<name>.+?): invalid choice: (?P<value>'.*?')[ ,]"
            r".*choose from (?P<words>.*)\)",
            re.DOTALL,
        ),
        gettext_noop("%(name)s: %(value)s is none of %(words)s."),
    ),
    (
        re.compile(r"argument (?P<name>.+?): invalid \w+ value: (?P<value>.*)", re.DOTALL),
        gettext_noop("%(name)s: %(value)s is not a value that it takes."),
    ),
    (
        re.compile(r"argument (?P<name>.+?): expected .*", re.DOTALL),
        gettext_noop("%(name)s: its value is missing."),
    ),
    (
        re.compile(r"argument (?P<name>.+?): not allowed with argument (?P<words>.*)", re.DOTALL),
        gettext_noop("%(name)s cannot be given together with %(words)s."),
    ),
    (
        re.compile(r"the following arguments are required: (?P<words>.*)", re.DOTALL),
        gettext_noop("Missing: %(words)s."),
    ),
    (
        re.compile(r"one of the arguments (?P<words>.*) is required", re.DOTALL),
        gettext_noop("Missing: one of %(words)s."),
    ),
    (
        re.compile(r"ambiguous option: (?P<value>.*?) could match (?P<words>.*)", re.DOTALL),
        gettext_noop("%(value)s could be any of %(words)s."),
    ),
)
"""What argparse says, each as a pattern, and as it is said here."""


def refuse_wrong_words(words: Sequence[str], ours: Sequence[str]) -> None:
    """End with code 2 where no command is called so, or one of `ours` does not take its words."""
    names = get_commands()
    if words[0] not in names and not words[0].startswith("-"):
        text = _("There is no command %(name)s.") % {"name": repr(words[0])}
        _refuse(text + _near(words[0], ours), "quetsach manage help")
    if words[0] not in ours:
        return
    command = load_command_class(str(names[words[0]]), words[0])
    parser = command.create_parser("quetsach manage", words[0])
    for each in _with_below(parser):
        each.__class__ = _TellingParser
    _taken, rest = parser.parse_known_args(list(words[1:]))
    if rest:
        options = [name for each in _with_below(parser) for name in each._option_string_actions]
        text = _("%(word)s is neither an option nor an argument of this command.")
        near = _near(rest[0].partition("=")[0], options)
        _refuse(text % {"word": repr(rest[0])} + near, f"quetsach manage {words[0]} --help")


class _TellingParser(CommandParser):
    """The parser of a command, which says in the language in use what it does not take."""

    def error(self, message: str) -> NoReturn:
        """End with code 2 and what is wrong."""
        # Of `audit verify` the command is `audit`.
        command = " ".join(self.prog.split()[:3])
        _refuse(_text_of(message), f"{command} --help")


def _text_of(message: str) -> str:
    for pattern, text in SAID:
        said = pattern.fullmatch(message)
        if said is not None:
            facts = said.groupdict()
            choices = re.findall(r"[\w-]+", facts.get("words") or "")
            return _(text) % facts + _near(facts.get("value", "").strip("'"), choices)
    return message


def _near(word: str, words: Iterable[str]) -> str:
    """Return the question whether a word like `word` was meant, behind a blank; "" for none."""
    near = get_close_matches(word, list(words), n=1)
    return " " + _("Did you mean %(word)s?") % {"word": repr(near[0])} if near else ""


def _with_below(parser: ArgumentParser) -> Iterator[ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            for below in action.choices.values():
                yield from _with_below(below)


def _refuse(text: str, hint: str) -> NoReturn:
    sys.stderr.write(_("Error: %(what)s") % {"what": text} + "\n")
    sys.stderr.write(_("Type '%(command)s' for help.") % {"command": hint} + "\n")
    sys.exit(2)
