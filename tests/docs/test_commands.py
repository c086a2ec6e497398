"""Each `quetsach` command that a page names exists, with the options that it is given."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from quetsach.cli.main import cli
from tests.docs.examples import ROOT

GENERATED = {"cli.md"}
DJANGO = {
    "migrate",
    "collectstatic",
    "createcachetable",
    "check",
    "help",
    "shell",
    "showmigrations",
}
MANAGE = {path.stem for path in (ROOT / "src/quetsach_portal").glob("*/management/commands/*.py")}
SIGNED_TEXT = {"release v1"}
"""What a signature covers begins so (docs/signing.md)."""

_FENCED = re.compile(r"^[ >]*```[^\n]*\n(.*?)^[ >]*```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(quetsach [^`]+)`")
_CALLED = re.compile(
    r"\s*(?:\$ )?(?:[A-Z_]+=\S+ )*(?:sudo |runuser -u \S+ -- )?(?:[^\s\"]*/)?quetsach (.+)"
)
_PART = re.compile(r"\s*(?:\|\|?|&&|;|\$\(|\)|>|<)\s*")


def pages() -> list[Path]:
    """Return the pages that people write, from the root of the source."""
    written = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "collect").glob("*.md")]
    return sorted(page for page in written if page.name not in GENERATED | {"CHANGELOG.md"})


def commands_of(text: str) -> Iterator[str]:
    """Yield the commands of quetsach that stand in blocks and in the line."""
    for fenced in _FENCED.findall(text):
        for line in re.sub(r"\\\n\s*", " ", fenced).splitlines():
            for part in _PART.split(line):
                called = _CALLED.match(part)
                if called and called[1] not in SIGNED_TEXT:
                    yield called[1]
    for inline in _INLINE.findall(re.sub(_FENCED, "", text)):
        for part in _PART.split(inline):
            if part.startswith("quetsach "):
                yield part.removeprefix("quetsach ")


def options_of(command: click.Command) -> set[str]:
    """Return the options of a command."""
    names = [name for param in command.params for name in (*param.opts, *param.secondary_opts)]
    return {"--help", "-h", *(name for name in names if name.startswith("-"))}


def fault_of(command: str) -> str | None:
    """Tell what is wrong with a command, as a reader would be told; None where nothing is."""
    try:
        words = shlex.split(command.replace("...", " "), comments=True)
    except ValueError:
        words = command.split()
    at: click.Command = cli
    context = click.Context(cli)
    options = options_of(cli)
    for index, word in enumerate(words):
        if word in ("--lang", "vi", "en") and at is cli:
            continue
        if isinstance(at, click.Group) and not word.startswith("-"):
            inner = at.get_command(context, word)
            if inner is None and at.name == "report":
                inner = at.get_command(context, "fill")
            if inner is None:
                return None if _in_prose(word) else f"no command {word!r}"
            at = inner
            options = options_of(at)
            if at.name == "manage":
                called = next((other for other in words[index + 1 :]), None)
                known = called is None or _in_prose(called) or called in MANAGE | DJANGO
                return None if known else f"no command manage {called}"
        elif word.startswith("--") and word.split("=")[0] not in options:
            return f"{at.name} has no option {word.split('=')[0]}"
    return None


def _in_prose(word: str) -> bool:
    """Tell whether this is no command but a word for one, such as COMMAND."""
    return not re.fullmatch(r"[a-z][a-z_-]+", word)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_commands_that_a_page_names_exist(page: Path) -> None:
    faults = [
        f"quetsach {command}: {fault}"
        for command in commands_of(page.read_text("utf-8"))
        if (fault := fault_of(command))
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("sweep logs -i list.txt", None),
        ("sweep logs --indicator list.txt", "sweep has no option --indicator"),
        ("--lang en sweeep logs", "no command 'sweeep'"),
        ("indicators check --no-such", "check has no option --no-such"),
        ("manage migrate --verbosity 0", None),
        ("manage migrat", "no command manage migrat"),
        ("COMMAND --help", None),
    ],
)
def test_a_command_that_is_not_there_is_seen(command: str, fault: str | None) -> None:
    assert fault_of(command) == fault


def test_commands_are_found_in_blocks_and_in_the_line() -> None:
    text = "`quetsach sweep X`\n\n```\n$ a | quetsach who - \\\n    -e logs\n```\n"
    assert [command.split() for command in commands_of(text)] == [
        ["who", "-", "-e", "logs"],
        ["sweep", "X"],
    ]
