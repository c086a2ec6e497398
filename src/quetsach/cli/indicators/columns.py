"""`quetsach indicators columns`: how a sender's table is read, shown and saved."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quetsach.texts import _, plain

if TYPE_CHECKING:
    from quetsach.indicators.column_guess import ColumnGuess

WIDEST_CELL = 28
"""How much of a cell is shown, in characters."""


@click.command(
    "columns",
    help=_(
        "Show how the table in FILE (CSV, XLSX) is understood: which columns hold indicators, "
        "malware, validity. Save it with --save, mend the saved file where the guess is wrong, "
        "and give it with --columns to `indicators check` and `sweep`: every later list of this "
        "sender is then read in the same way.\n\n"
        "Example: quetsach indicators columns list.csv --sender 'Cục A' --save cuc-a.toml"
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="MAP.toml",
    help=_("File to save the column map in; it must not be there yet."),
)
@click.option("--sender", default="", help=_("Name of the sender; the file's name if not given."))
def command(file: Path, save: Path | None, sender: str) -> int:
    """Print the guessed map, and save it where asked."""
    from quetsach import api
    from quetsach.errors import QuetsachError
    from quetsach.indicators.column_map import toml_of

    guess = api.guess_columns(file, sender=sender)
    click.echo("\n".join(map(plain, _text(guess, file))))
    if save is None:
        click.echo(_("Save it with: --save MAP.toml"))
        return 0
    try:
        with save.open("x", encoding="utf-8") as target:
            target.write(toml_of(guess.column_map))
    except OSError as err:
        raise QuetsachError("E218", str(save), reason=err.strerror or str(err)) from err
    click.echo(_("Saved. Use it with: --columns %(path)s") % {"path": plain(str(save))})
    return 0


def _text(guess: "ColumnGuess", file: Path) -> Iterator[str]:
    found = guess.column_map
    yield f"{file.name}: " + _("sender: %(sender)s") % {"sender": found.sender}
    if found.delimiter:
        yield "  " + _("columns parted by: %(sign)s") % {"sign": repr(found.delimiter)}
    if found.sheet:
        yield "  " + _("sheet: %(sheet)s") % {"sheet": found.sheet}
    heads = [_("column"), _("read as"), *(f"#{n + 1}" for n in range(len(guess.rows)))]
    rows = [heads, *_rows(guess)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(heads))]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(widths[n]) for n, cell in enumerate(row)).rstrip()


def _rows(guess: "ColumnGuess") -> Iterator[list[str]]:
    for number, heading in enumerate(guess.headings):
        cells = [row[number] if number < len(row) else "" for row in guess.rows]
        yield [_cut(heading), _read_as(guess, number), *map(_cut, cells)]


def _read_as(guess: "ColumnGuess", number: int) -> str:
    names = {number + 1, guess.headings[number].strip()}
    for value in guess.column_map.value:
        if value.column in names:
            return (
                _("indicator")
                if value.kind == "any"
                else _("indicator (%(kind)s)") % {"kind": value.kind}
            )
    words = {
        "kind": _("kind"),
        "port": _("port"),
        "family": _("malware"),
        "label": _("remark"),
        "valid_from": _("valid from"),
        "valid_until": _("valid until"),
    }
    for what, column in guess.column_map.columns.items():
        if column in names:
            return words.get(what, what)
    return "-"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WIDEST_CELL else line[: WIDEST_CELL - 1] + "…"
