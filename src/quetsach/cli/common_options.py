"""What every command takes without naming it: options of the run, values out of settings, help."""

import logging
from collections.abc import Iterator, Sequence
from typing import Any

import click

from quetsach.cli.run_settings import RunSettings
from quetsach.texts import _

WITHOUT_SETTINGS = ("serve", "manage")
"""The portal's commands; their options of the same names mean something else."""


class TaughtCommand(click.Command):
    """A command whose help has its options in groups, and examples."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words apart. Raises UsageError that names the option that was meant."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            # The words of click's own question have no Vietnamese form of the plural.
            text = error.message + near_words(error.option_name, error.possibilities or [])
            raise click.UsageError(text, ctx) from error

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, long lists of them in groups."""
        from quetsach.cli.help_texts import write_options

        write_options(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, and where the options of every command are explained."""
        from quetsach.cli.help_texts import write_examples

        write_examples(ctx, formatter)


class NearChoice(click.Choice[str]):
    """One of a few words; for another it names the one that was probably meant."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word. Raises BadParameter."""
        word = str(value)
        try:
            return super().convert(word, param, ctx)
        except click.BadParameter as error:
            words = [*map(str, self.choices), *self._more_words()]
            facts = {"value": repr(word), "words": ", ".join(words)}
            text = _("%(value)s is none of %(words)s.") % facts + near_words(word, words)
            raise click.BadParameter(text, ctx, param) from error

    def _more_words(self) -> Sequence[str]:
        """Return words that are taken, too, and that the help does not list."""
        return ()


class OfferedChoice(NearChoice):
    """Names of ours, or one that another package offers in `group`: looked for where none fits."""

    def __init__(self, choices: Sequence[str], group: str) -> None:
        super().__init__(choices)
        self._group = group

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name. Raises BadParameter."""
        is_offered = value not in self.choices and value in self._more_words()
        return str(value) if is_offered else super().convert(value, param, ctx)

    def _more_words(self) -> Sequence[str]:
        from quetsach.api.plugins import usable_offers
        from quetsach.entry_points import PluginGroup

        return [offer.name for offer in usable_offers(PluginGroup(self._group))]


def near_words(word: str, words: list[str]) -> str:
    """Return the question whether a word like `word` was meant, behind a blank; "" for none."""
    from difflib import get_close_matches

    # Two letters that changed places are the commonest slip.
    near = [near for near in words if sorted(near) == sorted(word)]
    near += get_close_matches(word, words, n=1)
    # stix for stix-sighting: too short to be close, and a part of it all the same.
    near += [near for near in words if word in near.split("-")]
    return " " + _("Did you mean %(word)s?") % {"word": repr(near[0])} if near else ""


def _take_settings(context: click.Context, _option: click.Parameter, _given: object) -> None:
    settings = context.find_root().obj
    if isinstance(settings, RunSettings) and settings.options:
        own = {option.name for option in context.command.params if isinstance(option, click.Option)}
        values = {name: value for name, value in settings.options.items() if name in own}
        for name in values:
            logging.getLogger("quetsach").info("%s: %s", settings.origins.get(name), name)
        # A file that the command itself was given says more of it, whichever was read first.
        context.default_map = {**values, **(context.default_map or {})}


def _talk_more(_context: click.Context, _option: click.Parameter, times: int) -> None:
    if times:
        level = logging.INFO if times == 1 else logging.DEBUG
        logging.getLogger("quetsach").setLevel(level)


def _talk_less(_context: click.Context, _option: click.Parameter, is_quiet: bool) -> None:
    if is_quiet:
        logging.getLogger("quetsach").setLevel(logging.ERROR)


def verbose_option(*, hidden: bool) -> click.Option:
    """Return `-v`: what is done is told on standard error, and more of it with -vv."""
    return click.Option(
        ["-v", "--verbose"],
        count=True,
        hidden=hidden,
        is_eager=True,
        expose_value=False,
        callback=_talk_more,
        help=_("Tell what is done, and which settings hold; -vv tells more."),
    )


def quiet_option(*, hidden: bool) -> click.Option:
    """Return `-q`: no progress and no warnings; the answer stays."""
    return click.Option(
        ["-q", "--quiet"],
        is_flag=True,
        hidden=hidden,
        is_eager=True,
        expose_value=False,
        callback=_talk_less,
        help=_("No progress and no warnings; the answer and errors stay."),
    )


def _settings_option() -> click.Option:
    """Return an option that nobody types: it gives settings to the options of its command."""
    return click.Option(
        [_FROM_SETTINGS],
        hidden=True,
        is_eager=True,
        is_flag=True,
        expose_value=False,
        callback=_take_settings,
    )


_FROM_SETTINGS = "--from-settings"


def with_common(command: click.Command) -> click.Command:
    """Add what every command takes to `command` and to all below it, once."""
    for group in _groups(command):
        name_words(group)
    for leaf in _leaves(command):
        if leaf.name == "manage" or any("--verbose" in option.opts for option in leaf.params):
            continue
        _add_common(leaf)
    return command


def _add_common(leaf: click.Command) -> None:
    leaf.options_metavar = _("[OPTIONS]")
    if type(leaf) is click.Command:
        leaf.__class__ = TaughtCommand
    for option in leaf.params:
        if type(option.type) is click.Choice:
            option.type = NearChoice(option.type.choices, option.type.case_sensitive)
    own_quiet = [option for option in leaf.params if "--quiet" in option.opts]
    if own_quiet:
        own_quiet[0].opts.insert(0, "-q")
    else:
        leaf.params.append(quiet_option(hidden=True))
    leaf.params.append(verbose_option(hidden=True))
    if leaf.name not in WITHOUT_SETTINGS:
        leaf.params.append(_settings_option())


def name_words(group: click.Group) -> None:
    """Let the usage of a group say in the language in use what is typed behind its name."""
    group.options_metavar = _("[OPTIONS]")
    if group.subcommand_metavar.startswith("COMMAND "):
        group.subcommand_metavar = _("COMMAND [ARGS]...")


def _groups(command: click.Command) -> Iterator[click.Group]:
    if isinstance(command, click.Group):
        yield command
        for below in command.commands.values():
            yield from _groups(below)


def _leaves(command: click.Command) -> Iterator[click.Command]:
    """Yield the commands that take options; those of a lazy group come when they are loaded."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from _leaves(below)
    else:
        yield command
