"""`quetsach indicators check`: lists checked before they are used."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from quetsach.cli import options as shared
from quetsach.cli.words import kind_word, where_text
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.indicators.check import CheckReport, Question
    from quetsach.indicators.contradictions import Contradiction
    from quetsach.indicators.model import Indicator, Origin, Refusal

MOST_SHOWN = 20
"""How many rows of one kind are printed; --json prints all."""

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
        "Read the LISTS as a sweep would, and tell what was taken, what was refused and why, and "
        "what needs a second look: duplicates, contradictions, names above other names, well-known "
        "services. What also stands on an allow-list is shown with a proposal; a person decides "
        "with: quetsach indicators decide.\n\n"
        "Exit: 2 no indicator is left, 3 rows were refused or questions are open, else 0."
    ),
)
@click.argument("lists", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--allow",
    multiple=True,
    metavar="PATH|none",
    help=_("Allow-list beside those of MISP, which are looked in unless `none` is given."),
)
@shared.decisions
@shared.own_networks
@shared.accept_private
@shared.columns
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(
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
    from quetsach import api

    report = api.check_indicators(
        lists,
        allow=allow,
        decisions=decisions,
        inside=inside,
        accept_private=accept_private,
        columns=columns,
    )
    if as_json:
        answer = msgspec.to_builtins(report)
        click.echo(plain_json({**answer, "open_questions": report.open_questions}))
    else:
        click.echo("\n".join(map(plain, _text(report))))
    if not sum(report.kinds.values()):
        return 2
    partly = any(one.reading.refused or one.reading.problems for one in report.lists)
    return 3 if partly or report.open_questions else 0


def _text(report: "CheckReport") -> Iterator[str]:
    from quetsach.indicators.check import reason_text

    for one in report.lists:
        reading = one.reading
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
        yield _("%(name)s (%(form)s): %(rows)s rows, %(taken)s taken, %(refused)s refused") % facts
        yield from (f"  {one}" for one in reading.problems)
        for refusal in one.refusals[:MOST_SHOWN]:
            yield f"  {_refused(refusal)}: {reason_text(refusal.reason)}"
        yield from _more(max(reading.refused, len(one.refusals)))
    if any("unclear" in one.by_reason for one in report.lists):
        yield _(
            "What a person must read is not looked for. What is an indicator after all, write into "
            "a list of your own and name that as well."
        )
    kinds = ", ".join(f"{kind_word(kind)} {count}" for kind, count in report.kinds.items())
    yield _("Indicators: %(kinds)s") % {"kinds": kinds or "0"}
    yield from _named(_("In more than one row, counted once:"), report.duplicates)
    yield from _named(
        _("Web addresses without a path, met in logs of pages only:"), report.whole_sites
    )
    yield from _rows(
        _("Written so that nobody clicks on it (as with [.] or hxxp), and not understood:"),
        report.dead,
    )
    yield from _contradictions(report.contradictions)
    yield from _questions(report)


def _rows(heading: str, found: "tuple[Origin, ...]") -> Iterator[str]:
    if found:
        yield heading
        for one in found[:MOST_SHOWN]:
            yield f"  {_row(one)}: {one.text[:MOST_TEXT]}"
        yield from _more(len(found))


def _refused(refusal: "Refusal") -> str:
    """Return where it stands, what was refused, and the row it stands in."""
    origin = refusal.origin
    where = origin.place or _("row %(row)s") % {"row": origin.row}
    if not refusal.value or refusal.value == origin.text:
        return f"{where}: {origin.text[:MOST_TEXT]}"
    around = origin.text[:MOST_AROUND] + "…" * (len(origin.text) > MOST_AROUND)
    return f"{where}: {refusal.value[:MOST_TEXT]} [{around}]"


def _row(origin: "Origin") -> str:
    return where_text(origin.list_name, origin.row, origin.place)


def _contradictions(found: "tuple[Contradiction, ...]") -> Iterator[str]:
    from quetsach.cli.indicators.words import clash_word

    if found:
        yield _("The lists contradict each other:")
    counts = Counter(one.clash for one in found)
    for clash, group in groupby(found, key=lambda one: one.clash):
        yield f"  {clash_word(clash)}: {counts[clash]}"
        for one in islice(group, MOST_OF_KIND):
            rows = "; ".join(map(_row, one.origins[:2]))
            said = " / ".join(one.said)
            yield f"    {one.indicator.shown[:MOST_TEXT]}: {said} ({rows})"
        yield from _more(counts[clash], MOST_OF_KIND)


def _questions(report: "CheckReport") -> Iterator[str]:
    from quetsach.cli.indicators.words import verdict_word
    from quetsach.indicators.allow_classes import class_text

    by_class = [f"{class_text(name)} {len(found)}" for name, found in report.allow.items()]
    if by_class:
        yield _("Also on allow-lists: %(classes)s") % {"classes": ", ".join(by_class)}
    opened = [one for one in report.questions if one.asked]
    if opened:
        counts = Counter(verdict_word(one.proposal) for one in opened)
        proposals = ", ".join(f"{word} {count}" for word, count in counts.items())
        facts = {"count": len(opened), "proposals": proposals}
        yield _("To be decided by a person: %(count)s (proposed: %(proposals)s)") % facts
        for one in opened[:MOST_SHOWN]:
            proposed = _("proposed: %(verdict)s") % {"verdict": verdict_word(one.proposal)}
            shown = f"{one.indicator.shown[:MOST_TEXT]} ({_row(one.indicator.origins[0])})"
            yield f"  {shown}: {_why(one)}; {proposed}"
        yield from _more(len(opened))
        yield "  quetsach indicators decide KEY... --drop|--watch|--keep --reason ... --until ..."
    made = [one for one in report.questions if one.decision is not None and not one.asked]
    if made:
        yield _("Decided already: %(count)s") % {"count": len(made)}
        for one in made[:MOST_SHOWN]:
            yield f"  {one.indicator.shown[:MOST_TEXT]}: {_decision(one)}"
        yield from _more(len(made))


def _why(one: "Question") -> str:
    from quetsach.indicators.allow_classes import class_text

    by_class: dict[str, str] = {}
    for met in one.meetings:
        by_class.setdefault(met.of_class, met.list_name)
    shown = list(by_class.items())[:MOST_CLASSES]
    told = ", ".join(f"{class_text(name)} ({found[:60]})" for name, found in shown)
    if one.decision is None:
        return told
    return f"{told} {_('decided before, now expired')}: {_decision(one)}".strip()


def _decision(one: "Question") -> str:
    from quetsach.cli.indicators.words import verdict_word

    assert one.decision is not None
    facts = {
        "verdict": verdict_word(one.decision.verdict),
        "reason": one.decision.reason,
        "until": one.decision.until,
    }
    told = _("%(verdict)s, until %(until)s: %(reason)s") % facts
    return f"{told} ({one.decision.by})" if one.decision.by else told


def _named(heading: str, found: "tuple[Indicator, ...]") -> Iterator[str]:
    if found:
        yield heading
        for one in found[:MOST_SHOWN]:
            yield f"  {one.shown[:MOST_TEXT]}"
        yield from _more(len(found))


def _more(count: int, shown: int = MOST_SHOWN) -> Iterator[str]:
    if count > shown:
        yield "  " + _("... and %(count)s more; --json prints all") % {"count": count - shown}
