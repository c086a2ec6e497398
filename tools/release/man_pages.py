"""Man pages from the help of each command: `python -m tools.release.man_pages LANGUAGE FOLDER`.

One page a command, `quetsach-indicators-sign.1`, in man(7), which groff and mandoc read. Help texts
are translated when their module is imported, so each language is a run of its own.
"""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from quetsach import __version__
from quetsach.texts import Language, use_language

HEADINGS: dict[Language, tuple[str, ...]] = {
    "en": (
        "NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXIT STATUS", "SEE ALSO",
        "User Commands",
    ),
    "vi": (
        "TÊN", "CÚ PHÁP", "MÔ TẢ", "TÙY CHỌN", "CÁC LỆNH", "MÃ THOÁT", "XEM THÊM",
        "Lệnh của người dùng",
    ),
}  # fmt: skip
EXIT: dict[Language, tuple[str, ...]] = {
    "en": (
        "nothing found",
        "found",
        "failed; the message on standard error says what, where and what to do",
        "finished, but not all was read",
    ),
    "vi": (
        "không tìm thấy gì",
        "có tìm thấy",
        "thất bại; thông báo ở luồng lỗi chuẩn nêu rõ điều gì, ở đâu và cần làm gì",
        "đã chạy xong, nhưng chưa đọc được hết",
    ),
}


@dataclass(frozen=True)
class ManPage:
    """A page: its name without section, and its text."""

    name: str
    text: str


def escaped(text: str) -> str:
    """Return `text` as roff shows it: no escape, request or broken dash in it."""
    shown = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(?=[.'])", r"\\&", shown, flags=re.MULTILINE)


def paragraphs(text: str) -> Iterator[str]:
    """Yield the lines of a help text: paragraphs filled, and as they stand below a `\\b`."""
    for number, block in enumerate(text.strip().split("\n\n")):
        if number:
            yield ".PP"
        if block.startswith("\b"):
            yield from (".nf", *escaped(block.removeprefix("\b\n")).splitlines(), ".fi")
        else:
            yield escaped(" ".join(block.split()))


def pages(command: click.Command, name: str, language: Language) -> Iterator[ManPage]:
    """Yield the page of `command` and those of all below it."""
    yield from _below(command, name, None, language)


def _below(
    command: click.Command, name: str, parent: click.Context | None, language: Language
) -> Iterator[ManPage]:
    settings = command.context_settings
    context = click.Context(command, info_name=name, parent=parent, **settings)
    yield ManPage(_file_name(context), "\n".join(_lines(command, context, language)) + "\n")
    for below, entry in _commands(command, context):
        yield from _below(entry, below, context, language)


def _commands(
    command: click.Command, context: click.Context
) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            entry = command.get_command(context, name)
            if entry is not None and not entry.hidden:
                yield name, entry


def _file_name(context: click.Context) -> str:
    return context.command_path.replace(" ", "-")


def _lines(command: click.Command, context: click.Context, language: Language) -> Iterator[str]:
    name, synopsis, description, options, commands, exits, see, manual = HEADINGS[language]
    title = _file_name(context)
    yield (
        f'.TH "{escaped(title.upper())}" "1" "{_day()}" "quetsach {__version__}" "{manual}"\n'
        f".SH {name}\n{escaped(title)} \\- {escaped(_short(command))}\n"
        f'.SH "{synopsis}"\n.B {escaped(context.command_path)}'
    )
    yield escaped(" ".join(command.collect_usage_pieces(context)))
    yield f'.SH "{description}"'
    yield from paragraphs(command.help or command.short_help or "")
    records = [
        record
        for parameter in command.get_params(context)
        if (record := parameter.get_help_record(context)) is not None and record[1]
    ]
    if records:
        yield f'.SH "{options}"'
        yield from _records(records)
    entries = [(below, _short(entry)) for below, entry in _commands(command, context)]
    if entries:
        yield f'.SH "{commands}"'
        yield from _records(entries)
    yield f'.SH "{exits}"'
    yield from _records([(str(code), text) for code, text in enumerate(EXIT[language])])
    yield f'.SH "{see}"'
    related = [_file_name(context.parent)] if context.parent else []
    related += [f"{title}-{below}" for below, _text in entries]
    yield " ,\n".join(f".BR {escaped(page)} (1)" for page in related)


def _short(command: click.Command) -> str:
    """Return the first sentence of a command's help, in one line."""
    whole = " ".join((command.help or command.short_help or "").split("\n\n")[0].split())
    return re.split(r"(?<=\.)\s", whole, maxsplit=1)[0].rstrip(".:")


def _records(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    for term, text in rows:
        yield f".TP\n\\fB{escaped(term)}\\fR\n{escaped(' '.join(text.split()))}"


def _day() -> str:
    """Return the day of the release, which a build can name: the same source, the same bytes."""
    named = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.now(UTC) if named is None else datetime.fromtimestamp(int(named), UTC)
    return moment.date().isoformat()


def main(language: Language, folder: Path) -> int:
    """Write all pages in `language` into `folder`; print how many."""
    use_language(language)
    from quetsach.cli.main import cli, speak

    speak(language)
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for page in pages(cli, "quetsach", language):
        (folder / f"{page.name}.1").write_text(page.text, "utf-8")
        written += 1
    print(f"{folder}: {written}")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in HEADINGS:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
