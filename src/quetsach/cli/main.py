"""The command line's entry: language, the list of commands, and how a run ends."""

import gettext
import importlib
import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import FrameType
from typing import Any

import click

from quetsach import __version__
from quetsach.cli.common_options import (
    near_words,
    quiet_option,
    verbose_option,
    with_common,
)
from quetsach.cli.run_settings import (
    RunSettings,
    RunWords,
    color_for,
    keep_memory,
    language_for,
    read_run_settings,
    take_config,
    take_run_words,
)
from quetsach.cli.standard_streams import drop_answer, prepare_streams
from quetsach.errors.catalogue import N_
from quetsach.errors.exceptions import QuetsachError
from quetsach.late_dataclasses import late_methods
from quetsach.texts import Language, _, use_language


class LazyGroup(click.Group):
    """Commands by (name, "module:attribute", short help), shown in this order.

    The module is one of quetsach.cli and is imported only when its command runs, so that --help
    answers at once.
    """

    def __init__(self, *, lazy: Sequence[tuple[str, str, str]], **settings: Any) -> None:
        super().__init__(**settings)
        self._lazy = tuple(lazy)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in their order."""
        return [name for name, _target, _help in self._lazy]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command of this name."""
        for name, target, _help in self._lazy:
            if name == cmd_name:
                module, _colon, attribute = target.partition(":")
                # Only what runs is loaded.
                loaded = importlib.import_module(f"quetsach.cli.{module}")  # noqa: TID251
                command = getattr(loaded, attribute)
                assert isinstance(command, click.Command)
                return with_common(command)
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is named. Raises NoSuchCommand with those that are like it."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            text = error.message + near_words(error.command_name, self.list_commands(ctx))
            raise click.UsageError(text, ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without importing any."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(short)) for name, _target, short in self._lazy])


# In the order in which --help shows them.
COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("sweep", "sweep:command", N_("Search evidence for indicators and report the devices.")),
    (
        "watch",
        "watch.group:command",
        N_("Follow logs as they grow and print each sighting at once."),
    ),
    (
        "trace",
        "trace:command",
        N_("Find the machines behind an authority's notices about your public addresses."),
    ),
    ("who", "who:command", N_("Tell which machine held an address at a time, and by which log.")),
    (
        "answer-slip",
        "answer_slip:command",
        N_("For carriers: answer a subscriber behind a shared address from your own logs."),
    ),
    ("why", "why:command", N_("Show what one sighting rests on, down to the raw line.")),
    ("verdict", "verdict:command", N_("Show which devices are proven clean, and what is missing.")),
    (
        "ledger",
        "ledger:command",
        N_("Show what each sweep brought of the same logs: known, grown, new."),
    ),
    (
        "fingerprints",
        "fingerprints:command",
        N_("Delete fingerprints of what was seen, or the keys that open them."),
    ),
    ("export", "export:command", N_("Give findings to other programs: ECS, Parquet, STIX ...")),
    (
        "push",
        "push:command",
        N_("Send sightings to MISP, Elasticsearch, syslog or a webhook, or take them back."),
    ),
    ("report", "report:command", N_("Fill an official form from findings (DOCX and PDF).")),
    ("card", "card:command", N_("Write a handling sheet for each machine (PDF or HTML).")),
    (
        "indicators",
        "indicators.group:command",
        N_("Lists of indicators: check, convert, compare, sign."),
    ),
    (
        "sensors",
        "sensors:command",
        N_("Give lists to resolvers and sensors that run: Unbound, BIND, Suricata, Zeek."),
    ),
    (
        "letter",
        "letter:command",
        N_("Letters of authorities: what they ask for, of whom, and until when."),
    ),
    (
        "avreport",
        "avreport:command",
        N_("The edXML message AVReport: write it from findings, read and verify it."),
    ),
    (
        "exam",
        "exam:command",
        N_("Measure by marked connections how often a named machine is the right one."),
    ),
    (
        "planted",
        "planted:command",
        N_("Plant harmless names, to learn whether the logs would show a contact."),
    ),
    (
        "blocklist",
        "blocklist:command",
        N_("Ask a resolver whether it blocks what its list says."),
    ),
    (
        "verify-tool",
        "verify_tool:command",
        N_("Check whether a file is a trusted tool of the campaign."),
    ),
    ("formats", "doctor:formats_command", N_("List the log formats that are read.")),
    ("serve", "portal:serve_command", N_("Start the portal: units, letters, evidence, cases.")),
    (
        "manage",
        "portal:manage_command",
        N_("Run one of the portal's commands: work, audit verify, ..."),
    ),
    (
        "config",
        "config:command",
        N_("Settings from files: show, check, and where they lie."),
    ),
    ("completion", "completion:command", N_("Print the script for the Tab key of a shell.")),
    ("demo", "demo:demo_command", N_("Write a made-up district with logs, lists and the truth.")),
    (
        "demo-live",
        "demo:demo_live_command",
        N_("Write the traffic of a made-up office as it happens, for a watch to follow."),
    ),
    (
        "doctor",
        "doctor:doctor_command",
        N_("Check what this machine provides and what is missing."),
    ),
    (
        "selftest",
        "demo:selftest_command",
        N_("Check on this machine that the engine finds all known infections of the demo."),
    ),
)


def speak(language: Language) -> None:
    """Make `language` the language of our texts and of click's own words."""
    use_language(language)
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("quetsach", str(Path(__file__).parents[1] / "locale"))
    gettext.textdomain("quetsach")


def _build() -> LazyGroup:
    return LazyGroup(
        lazy=COMMANDS,
        name="quetsach",
        options_metavar=_("[OPTIONS]"),
        subcommand_metavar=_("COMMAND [ARGS]..."),
        help=_(
            "Find the machines that talk to malicious addresses: from raw logs to a filled "
            "report.\n\nFirst steps: quetsach demo --out D, then "
            "quetsach sweep D/evidence -i D/indicators"
        ),
        epilog=_(
            "Exit: 0 nothing found, 1 found, 2 failed, 3 finished but not all was read; 130 after "
            "Ctrl-C."
        ),
        params=[
            click.Option(
                ["--lang"],
                type=click.Choice(["vi", "en"]),
                expose_value=False,
                help=_("Language of all texts; else LANG decides, and Vietnamese is the default."),
            ),
            click.Option(
                ["--config"],
                metavar="FILE",
                expose_value=False,
                help=_("File of settings instead of the usual ones; see quetsach config path."),
            ),
            click.Option(
                ["--color"],
                type=click.Choice(["auto", "always", "never"]),
                expose_value=False,
                help=_("Colours; auto means on a terminal, unless NO_COLOR is set."),
            ),
            click.Option(
                ["--no-pager"],
                is_flag=True,
                expose_value=False,
                help=_("Print long answers at once; else PAGER shows them on a terminal."),
            ),
            verbose_option(hidden=False),
            quiet_option(hidden=False),
            click.version_option(__version__, prog_name="quetsach", help=_("Show the version."))(
                lambda: None
            ).__click_params__[0],  # type: ignore[attr-defined]  # click keeps an option there
        ],
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    )


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit."""
    prepare_streams()
    # What computes in threads of its own ends the run as a user does where none can be made.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    # What -v or -q set ends with its run, where one process has several.
    logging.getLogger("quetsach").setLevel(logging.NOTSET)
    words, run_words = take_run_words(sys.argv[1:] if arguments is None else arguments)
    words = _with_help(take_config(words))
    settings, problem = _settings_for(words)
    speak(language_for(run_words.lang, settings))
    color = color_for(run_words.color, settings, os.environ)
    if problem is not None:
        _tell(problem, color)
        sys.exit(2)
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # Under nohup a hang-up is ignored, and stays so.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)
    # A shell that completes asks by a variable, without words.
    if not words and "_QUETSACH_COMPLETE" not in os.environ:
        click.echo(short_help())
        sys.exit(0)
    with _pages(words, run_words, settings):
        code = _run(words, settings, color)
    sys.exit(code)


def short_help() -> str:
    """Return what `quetsach` alone prints."""
    from quetsach.cli import help_texts

    return help_texts.short_help(__version__)


def _with_help(words: list[str]) -> list[str]:
    """Return `help sweep` as `sweep --help`."""
    return [*words[1:], "--help"] if words[:1] == ["help"] else words


def _pages(
    words: Sequence[str], run_words: RunWords, settings: RunSettings
) -> AbstractContextManager[None]:
    """Return what shows a long answer a page at a time, where a person reads it."""
    if not words or run_words.no_pager or not sys.stdout.isatty():
        return nullcontext()
    from quetsach.cli.paging import UNPAGED, paged, pager_words

    pager = [] if words[0] in UNPAGED else pager_words(settings.pager, os.environ)
    return paged(pager) if pager else nullcontext()


def _settings_for(words: Sequence[str]) -> tuple[RunSettings, QuetsachError | None]:
    """Return what files and variables say, and what is wrong with them.

    `quetsach config` itself shows what is wrong, and help needs none.
    """
    try:
        return read_run_settings(os.environ, Path.home()), None
    except QuetsachError as error:
        needs_none = words[:1] == ["config"] or {"--help", "-h", "--version"} & set(words)
        return RunSettings(), None if needs_none else error


def _run(words: list[str], settings: RunSettings, color: bool | None) -> int:
    try:
        keep_memory(words, settings.memory_mib)
        # A sweep loads classes of its own alone; others, as the portal's programs, load many.
        with late_methods() if words[:1] == ["sweep"] else nullcontext():
            result: Any = _build().main(
                words, prog_name="quetsach", standalone_mode=False, obj=settings, color=color
            )
        sys.stdout.flush()
    except click.exceptions.Exit as exited:
        return exited.exit_code
    except (click.Abort, KeyboardInterrupt) as stopped:
        _tell(QuetsachError("E602", "quetsach"), color)
        # click puts an error of its own before the signal's.
        signal_error = stopped.__cause__ or stopped
        return signal_error.code if isinstance(signal_error, _StoppedError) else STOPPED
    except BrokenPipeError:
        # The reader of our answer went away, as `head` does; there is nobody left to tell.
        drop_answer()
        return 2
    except click.ClickException as error:
        error.show()
        return 2
    except Exception as error:
        from quetsach.cli.run_errors import as_problem

        problem = as_problem(error)
        if problem is None:
            logging.getLogger(__name__).error("unexpected failure", exc_info=error)
            problem = QuetsachError("E603", "quetsach", reason=type(error).__name__)
        _tell(problem, color)
        return 2
    return result if isinstance(result, int) else 0


def _tell(error: QuetsachError, color: bool | None) -> None:
    """Print an error with its code, which stands out where there are colours."""
    code, sign, text = str(error).partition(" ")
    click.echo(click.style(code, fg="red", bold=True) + sign + text, err=True, color=color)


STOPPED = 130
"""The exit code after Ctrl-C: 128 and the number of the signal, as shells have it."""


class _StoppedError(KeyboardInterrupt):
    """A signal that ends the run; `code` is the exit code."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.code = 128 + number


def _stop(number: int, _frame: FrameType | None) -> None:
    raise _StoppedError(number)


cli = _build()
"""The group, for the documentation."""
