"""Help that teaches: examples that parse, options in groups, lines of at most 80 columns."""

import shlex
from collections.abc import Iterator

import click
import pytest

from quetsach.cli.help_texts import EXAMPLES, GROUPS, folded, short_help
from quetsach.cli.main import cli
from quetsach.texts import in_language
from tests.cli.running import quetsach_here


def leaves(command: click.Command, context: click.Context) -> Iterator[click.Context]:
    """Yield a context for each command that takes options."""
    if not isinstance(command, click.Group):
        yield context
        return
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None
        yield from leaves(below, click.Context(below, info_name=name, parent=context))


CONTEXTS = {
    context.command_path.partition(" ")[2]: context
    for context in leaves(cli, click.Context(cli, info_name="quetsach"))
}


def test_every_command_has_examples() -> None:
    # `manage` hands its words to the portal, which explains them.
    assert set(CONTEXTS) - {"manage"} == set(EXAMPLES)


@pytest.mark.parametrize("path", EXAMPLES)
def test_an_example_is_what_the_command_takes(
    path: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("x"))
    command = CONTEXTS[path].command
    for line in EXAMPLES[path]:
        words = shlex.split(line.partition("|")[2] if line.startswith("zcat") else line)
        for sign in ("<", ">", "|"):
            words = words[: words.index(sign)] if sign in words else words
        assert words[0] == "quetsach"
        given = words[1 + len(path.split()) :]
        if path == "report fill":  # whose name may be omitted
            given = words[2:]
        else:
            assert words[1 : 1 + len(path.split())] == path.split()
        parser = command.make_parser(click.Context(command))
        options, rest, _order = parser.parse_args(list(given))
        for option in command.params:
            if isinstance(option, click.Option) and option.required:
                assert option.name in options, (line, option.name)
        assert not rest, line


def test_help_is_at_most_80_columns_wide_in_both_languages() -> None:
    for language in ("en", "vi"):
        for path in ("", *list(EXAMPLES)[::7]):
            shown = quetsach_here("--lang", language, *path.split(), "--help").stdout.decode()
            wide = [line for line in shown.splitlines() if len(line) > 80]
            # A single long word, as a list of forms, is not broken.
            assert all(len(line.split()) < 5 for line in wide), (path, wide)


def test_long_lists_of_options_stand_in_groups_and_none_is_lost() -> None:
    shown = quetsach_here("sweep", "--help").stdout.decode()
    titles = [title for title, _names in GROUPS if title != "Server"]
    places = [shown.index(f"\n{title}:\n") for title in titles]
    assert places == sorted(places)
    assert places[0] < shown.index("  -i, --indicators") < places[1] < shown.index("  --leases")
    for option in CONTEXTS["sweep"].command.params:
        if isinstance(option, click.Option) and not option.hidden:
            assert shown.count(f"{option.opts[-1]} ") >= 1, option.opts
    short = quetsach_here("formats", "--help").stdout.decode()
    assert "\nOptions:\n  --json" in short


def test_no_parameter_stands_in_two_groups() -> None:
    names = [name for _title, group in GROUPS for name in group]
    assert len(set(names)) == len(names)


def test_a_long_example_goes_on_in_a_line_of_its_own() -> None:
    line = "quetsach " + " ".join(["--option value"] * 12)
    parts = folded(line).splitlines()
    assert len(parts) > 1
    assert all(len(part) <= 78 for part in parts)
    assert " ".join(part.strip(" \\") for part in parts) == line
    assert folded("quetsach x") == "quetsach x"


@pytest.mark.parametrize("language", ["en", "vi"])
def test_quetsach_alone_says_how_to_begin(language: str) -> None:
    run = quetsach_here("--lang", language)
    assert (run.returncode, run.stderr) == (0, b"")
    shown = run.stdout.decode()
    assert "quetsach sweep LOGS -i LIST" in shown
    assert len(shown.splitlines()) <= 12
    with in_language(language):  # type: ignore[arg-type]  # it is one of the two
        assert shown.rstrip("\n") == short_help("0.1.0").replace("0.1.0", shown.split()[1][:-1])


def test_help_of_a_command_is_asked_for_in_two_ways() -> None:
    assert quetsach_here("help", "who").stdout == quetsach_here("who", "--help").stdout
    nested = quetsach_here("help", "indicators", "check")
    assert nested.stdout == quetsach_here("indicators", "check", "--help").stdout
    assert quetsach_here("help").stdout == quetsach_here("--help").stdout


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("sweeep", "x"), "'sweep'"),
        (("indicators", "chekc"), "'check'"),
        (("formats", "--jsn"), "'--json'"),
        (("export", "x", "--to", "cvs"), "'csv'"),
    ],
)
def test_what_was_probably_meant_is_asked_in_both_languages(
    words: tuple[str, ...], meant: str
) -> None:
    for language, question in (("en", "Did you mean"), ("vi", "Có phải ý bạn là")):
        run = quetsach_here("--lang", language, *words)
        assert (run.returncode, run.stdout) == (2, b"")
        assert run.stderr.decode().rstrip().endswith(f"{question} {meant}?")
    assert "Did you mean" not in quetsach_here("quite-another").stderr.decode()
