"""`quetsach indicators check`: lists checked before they are used."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quetsach.cli import terminal as shared
from quetsach.cli.terminal import kind_word, where_text
from quetsach.texts import _, counted, plain

if TYPE_CHECKING:
    from quetsach.indicators.check import AllowQuestion, CheckReport
    from quetsach.indicators.column_guess import ColumnGuess
    from quetsach.indicators.contradictions import Contradiction
    from quetsach.indicators.model import Indicator, Origin, Refusal


MOST_SHOWN = 20
"""How many rows of one kind are printed; --json prints all, up to twice the size of the lists."""

MOST_OF_KIND = 7
"""How many contradictions of one kind are printed."""

MOST_CLASSES = 3
"""How many classes of one indicator are printed, those first that the proposal rests on."""

MOST_TEXT = 120
"""How much of a row is printed, in characters."""

MOST_AROUND = 60
"""How much of a row is printed behind the value of it that was refused, in characters."""


@click.command(
    "check",
    help=_(
        "Read the LISTS as a sweep would, and show what is accepted, what is refused and why, "
        "and what needs review: duplicates, contradictions, names above other names, well-known "
        "services. Indicators that are also on an allow-list are shown with a proposal; a person "
        "decides with: quetsach indicators decide.\n\nExit: 2 no indicator is left, 3 rows were "
        "refused or questions are open, else 0."
    ),
)
@click.argument("lists", nargs=-1, required=True, type=shared.INPUT)
@click.option(
    "--allow",
    multiple=True,
    metavar="PATH|none",
    help=_("Further allow-list; those of MISP are always used unless `none` is given."),
)
@shared.decisions
@shared.own_networks
@shared.accept_private
@shared.columns
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def check_command(
    lists: tuple[Path, ...],
    allow: tuple[str, ...],
    decisions: Path | None,
    inside: tuple[str, ...],
    columns: tuple[Path, ...],
    *,
    accept_private: bool,
    as_json: bool,
) -> int:
    """Print the check; 2 when no indicator is left, 3 when not all was taken, or is decided."""
    from quetsach.api import lists as api_lists

    report = api_lists.check_indicators(
        lists,
        allow=allow,
        decisions=decisions,
        inside=inside,
        accept_private=accept_private,
        columns=columns,
    )
    if as_json:
        from quetsach.indicators.check_json import check_text

        click.echo(check_text(report, sum(map(_size, lists))))
    else:
        click.echo("\n".join(map(plain, _text(report))))
    if not sum(report.kinds.values()):
        return 2
    partly = any(one.reading.refused or one.reading.problems for one in report.lists)
    return 3 if partly or report.open_questions else 0


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else (path,)
    return sum(file.stat().st_size for file in files if file.is_file())


def _text(report: "CheckReport") -> Iterator[str]:
    from quetsach.cli.indicators.group import set_aside_text
    from quetsach.indicators.check import reason_text
    from quetsach.indicators.options import SET_ASIDE

    for list_report in report.lists:
        reading = list_report.reading
        if reading.form == "column-map":
            yield from map(str, reading.problems)
            continue
        facts = {
            "name": reading.list_name,
            "form": reading.form + (f", {reading.column}" if reading.column else ""),
            "rows": reading.rows,
            "taken": reading.taken,
            "refused": reading.refused,
        }
        text = _("%(name)s (%(form)s): %(rows)s rows, %(taken)s accepted, %(refused)s refused")
        yield counted(text, facts)
        yield from (f"  {problem}" for problem in reading.problems)
        for refusal in list_report.refusals[:MOST_SHOWN]:
            yield f"  {_refused(refusal)}: {reason_text(refusal.reason)}"
        yield from shared.more(max(reading.refused, len(list_report.refusals)), MOST_SHOWN)
        for reason in SET_ASIDE:
            if count := list_report.by_reason.get(reason, 0):
                yield "  " + set_aside_text(reason, str(count), reading.list_name)
    if any("unclear" in list_report.by_reason for list_report in report.lists):
        yield _(
            "Values that a person must check are not searched for. Add those that are indicators "
            "to a list of your own and use that list as well."
        )
    kinds = ", ".join(f"{kind_word(kind)} {count}" for kind, count in report.kinds.items())
    yield _("Indicators: %(kinds)s") % {"kinds": kinds or "0"}
    if report.markings:
        marked = ", ".join(
            f"TLP:{level.upper()} {count}" for level, count in report.markings.items()
        )
        yield _("Marked: %(marked)s (what cannot be read counts as TLP:AMBER+STRICT)") % {
            "marked": marked
        }
    yield from _named(_("Listed in several rows, counted once:"), report.duplicates)
    yield from _named(
        _("Web addresses without a path, matched in web logs only:"), report.whole_sites
    )
    yield from _rows(
        _("Defanged (as with [.] or hxxp) in a way that cannot be read:"),
        report.dead,
    )
    yield from _contradictions(report.contradictions)
    yield from _questions(report)


def _rows(heading: str, origins: "tuple[Origin, ...]") -> Iterator[str]:
    if origins:
        yield heading
        for one in origins[:MOST_SHOWN]:
            yield f"  {_row(one)}: {one.text[:MOST_TEXT]}"
        yield from shared.more(len(origins), MOST_SHOWN)


def _refused(refusal: "Refusal") -> str:
    """Return the place, the refused value, and its row."""
    origin = refusal.origin
    where = origin.place or _("row %(row)s") % {"row": origin.row}
    if not refusal.value or refusal.value == origin.text:
        return f"{where}: {origin.text[:MOST_TEXT]}"
    around = origin.text[:MOST_AROUND] + "…" * (len(origin.text) > MOST_AROUND)
    return f"{where}: {refusal.value[:MOST_TEXT]} [{around}]"


def _row(origin: "Origin") -> str:
    return where_text(origin.list_name, origin.row, origin.place)


def _contradictions(contradictions: "tuple[Contradiction, ...]") -> Iterator[str]:
    from quetsach.cli.indicators.group import clash_word

    if contradictions:
        yield _("The lists contradict each other:")
    counts = Counter(one.clash for one in contradictions)
    for clash, group in groupby(contradictions, key=lambda one: one.clash):
        yield f"  {clash_word(clash)}: {counts[clash]}"
        for one in islice(group, MOST_OF_KIND):
            rows = "; ".join(map(_row, one.origins[:2]))
            said = " / ".join(one.said)
            yield f"    {one.indicator.shown[:MOST_TEXT]}: {said} ({rows})"
        yield from shared.more(counts[clash], MOST_OF_KIND)


def _questions(report: "CheckReport") -> Iterator[str]:
    from quetsach.cli.indicators.group import verdict_word
    from quetsach.indicators.allow.classes import class_text

    by_class = [f"{class_text(name)} {len(found)}" for name, found in report.allow.items()]
    if by_class:
        yield _("Also on allow-lists: %(classes)s") % {"classes": ", ".join(by_class)}
    opened = [question for question in report.questions if question.asked]
    if opened:
        counts = Counter(verdict_word(question.proposal) for question in opened)
        proposals = ", ".join(f"{word} {count}" for word, count in counts.items())
        facts = {"count": len(opened), "proposals": proposals}
        yield _("To be decided by a person: %(count)s (proposed: %(proposals)s)") % facts
        for question in opened[:MOST_SHOWN]:
            proposed = _("proposed: %(verdict)s") % {"verdict": verdict_word(question.proposal)}
            shown = (
                f"{question.indicator.shown[:MOST_TEXT]} ({_row(question.indicator.origins[0])})"
            )
            yield f"  {shown}: {_why(question)}; {proposed}"
        yield from shared.more(len(opened), MOST_SHOWN)
        yield "  quetsach indicators decide KEY... --drop|--watch|--keep --reason ... --until ..."
    decided = [
        question
        for question in report.questions
        if question.decision is not None and not question.asked
    ]
    if decided:
        yield _("Decided already: %(count)s") % {"count": len(decided)}
        for question in decided[:MOST_SHOWN]:
            yield f"  {question.indicator.shown[:MOST_TEXT]}: {_decision(question)}"
        yield from shared.more(len(decided), MOST_SHOWN)


def _why(question: "AllowQuestion") -> str:
    from quetsach.indicators.allow.classes import class_text

    by_class: dict[str, str] = {}
    for met in question.meetings:
        by_class.setdefault(met.of_class, met.list_name)
    shown = list(by_class.items())[:MOST_CLASSES]
    classes = ", ".join(f"{class_text(name)} ({found[:60]})" for name, found in shown)
    if question.decision is None:
        return classes
    return f"{classes} {_('decided before, now expired')}: {_decision(question)}".strip()


def _decision(question: "AllowQuestion") -> str:
    from quetsach.cli.indicators.group import verdict_word

    assert question.decision is not None
    facts = {
        "verdict": verdict_word(question.decision.verdict),
        "reason": question.decision.reason,
        "until": question.decision.until,
    }
    told = _("%(verdict)s, until %(until)s: %(reason)s") % facts
    return f"{told} ({question.decision.by})" if question.decision.by else told


def _named(heading: str, indicators: "tuple[Indicator, ...]") -> Iterator[str]:
    if indicators:
        yield heading
        for one in indicators[:MOST_SHOWN]:
            yield f"  {one.shown[:MOST_TEXT]}"
        yield from shared.more(len(indicators), MOST_SHOWN)


WIDEST_CELL = 28
"""How much of a cell is shown, in characters."""


@click.command(
    "columns",
    help=_(
        "Show how the table in FILE (CSV, XLSX) is read: which columns hold indicators, malware, "
        "validity. Save it with --save, correct the saved file where the guess is wrong, and "
        "give it with --columns to `indicators check` and `sweep`: every later list of this "
        "sender is then read in the same way.\n\nExample: quetsach indicators columns list.csv "
        "--sender 'Cục A' --save cuc-a.toml"
    ),
)
@click.argument("file", type=shared.INPUT)
@click.option(
    "--save",
    type=shared.OUTPUT,
    metavar="MAP.toml",
    help=_("File to save the column map in; it must not exist yet."),
)
@click.option("--sender", default="", help=_("Name of the sender; the file's name if not given."))
def columns_command(file: Path, save: Path | None, sender: str) -> int:
    """Print the guessed map, and save it where asked."""
    from quetsach.api import lists
    from quetsach.errors.exceptions import QuetsachError
    from quetsach.indicators.options import toml_of
    from quetsach.scratch_folders import write_new

    guess = lists.guess_columns(file, sender=sender)
    click.echo("\n".join(map(plain, _columns_text(guess, file))))
    if save is None:
        click.echo(_("Save it with: --save MAP.toml"))
        return 0
    try:
        write_new(save, toml_of(guess.column_map).encode())
    except OSError as err:
        raise QuetsachError("E218", str(save), reason=err.strerror or str(err)) from err
    click.echo(_("Saved. Use it with: --columns %(path)s") % {"path": plain(str(save))})
    return 0


def _columns_text(guess: "ColumnGuess", file: Path) -> Iterator[str]:
    column_map = guess.column_map
    yield f"{file.name}: " + _("sender: %(sender)s") % {"sender": column_map.sender}
    if column_map.delimiter:
        yield "  " + _("column separator: %(sign)s") % {"sign": repr(column_map.delimiter)}
    if column_map.sheet:
        yield "  " + _("sheet: %(sheet)s") % {"sheet": column_map.sheet}
    heads = [_("column"), _("read as"), *(f"#{n + 1}" for n in range(len(guess.rows)))]
    rows = [heads, *_columns_rows(guess)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(heads))]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(widths[n]) for n, cell in enumerate(row)).rstrip()


def _columns_rows(guess: "ColumnGuess") -> Iterator[list[str]]:
    for number, heading in enumerate(guess.headings):
        cells = [row[number] if number < len(row) else "" for row in guess.rows]
        yield [_cut(heading), _read_as(guess, number), *map(_cut, cells)]


def _read_as(guess: "ColumnGuess", number: int) -> str:
    names = {number + 1, guess.headings[number].strip()}
    for column_rule in guess.column_map.value:
        if column_rule.column in names:
            return (
                _("indicator")
                if column_rule.kind == "any"
                else _("indicator (%(kind)s)") % {"kind": column_rule.kind}
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
